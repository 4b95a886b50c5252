import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What the trainer wrote after some updates. */
export interface Checkpoint {
  readonly step: number;
  readonly folder: string;
}

/** Written last of a checkpoint, so that one without it was cut off. */
const STATE = 'trainer_state.json';

/** What is needed only to go on from a checkpoint, and is several times as large as an adapter. */
const TO_GO_ON = /^(optimizer|scheduler|scaler|rng_state.*|training_args)\.(pt|pth|bin)$/;

/** The whole checkpoints in a folder, in order. */
export function checkpoints(folder: string): readonly Checkpoint[] {
  return foldersOf(folder).filter((checkpoint) => isWhole(checkpoint));
}

/** Removes what a kill left unfinished. @returns the checkpoint to go on from. */
export function lastWhole(folder: string): Checkpoint | undefined {
  for (const checkpoint of foldersOf(folder)) {
    if (!isWhole(checkpoint)) rmSync(checkpoint.folder, { recursive: true });
  }
  return checkpoints(folder).findLast(({ folder: at }) => existsSync(join(at, 'optimizer.pt')));
}

/**
 * Keeps of the checkpoints those at the end of an epoch, without what is needed to go on, and the last whole one;
 * once the training is `done`, that one too without it.
 */
export function thinOut(folder: string, stepsPerEpoch: number, done: boolean): void {
  const whole = checkpoints(folder);
  const last = whole.at(-1);
  for (const { step, folder: at } of whole) {
    if (step === last?.step && !done) continue;
    if (step % stepsPerEpoch !== 0 && step !== last?.step) rmSync(at, { recursive: true, force: true });
    else for (const file of readdirSync(at)) if (TO_GO_ON.test(file)) rmSync(join(at, file));
  }
}

/** A line of what the trainer logged: loss, learning rate and more after an update; a validation's under `eval_`. */
export type Logged = Readonly<Record<string, number>>;

/** Everything logged up to a checkpoint, from the first update on, also where the training went on after a kill. */
export function logHistory({ folder }: Checkpoint): readonly Logged[] {
  const state = readState(folder);
  if (state === null || typeof state !== 'object' || !('log_history' in state)) return [];
  return Array.isArray(state.log_history) ? state.log_history.map(numbersOf) : [];
}

/** The finite numbers among the fields of a value, also those written as text. */
export function numbersOf(value: unknown): Logged {
  if (value === null || typeof value !== 'object') return {};
  const fields = Object.entries(value).map(([key, field]): [string, number] => [
    key,
    typeof field === 'number' || (typeof field === 'string' && field !== '') ? Number(field) : Number.NaN,
  ]);
  return Object.fromEntries(fields.filter(([, number]) => Number.isFinite(number)));
}

function foldersOf(folder: string): readonly Checkpoint[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => {
      const step = /^checkpoint-(\d+)$/.exec(name)?.[1];
      return step === undefined ? [] : [{ step: Number(step), folder: join(folder, name) }];
    })
    .sort((a, b) => a.step - b.step);
}

/** Python writes numbers that JSON has not: a training that diverged is no torn file. */
function readState(folder: string): unknown {
  const text = readFileSync(join(folder, STATE), 'utf8');
  return JSON.parse(text.replace(/^([ \t]*"\w+": )(NaN|-?Infinity)(,?)$/gm, '$1"$2"$3'));
}

function isWhole({ folder }: Checkpoint): boolean {
  try {
    readState(folder);
    return true;
  } catch {
    return false;
  }
}
