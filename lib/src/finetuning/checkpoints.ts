import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What the trainer wrote after some updates. */
export interface Checkpoint {
  readonly step: number;
  readonly folder: string;
}

/** What it takes to go on from a checkpoint. */
export const STATE = 'state.pt';

/** The checkpoints in a folder, in order: each is whole, since it gets its name when all is in it. */
export function checkpoints(folder: string): readonly Checkpoint[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => {
      const step = /^checkpoint-(\d+)$/.exec(name)?.[1];
      return step === undefined ? [] : [{ step: Number(step), folder: join(folder, name) }];
    })
    .sort((a, b) => a.step - b.step);
}

/** The checkpoint that a training would go on from. */
export const resumable = (folder: string): Checkpoint | undefined =>
  checkpoints(folder).findLast((checkpoint) => existsSync(join(checkpoint.folder, STATE)));
