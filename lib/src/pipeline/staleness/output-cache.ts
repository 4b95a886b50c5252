import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stage } from '../../project/folder.js';
import type { Notebook } from '../notebook/notebook.js';
import { difference } from './fingerprint.js';
import { outputsOf, type RunState, readRunState } from './staleness.js';

/** How many former outputs of a notebook are kept. */
const KEPT = 8;

/** Former outputs of a notebook. */
export interface FormerOutputs {
  /** The published files, `run.json` among them. */
  readonly published: string;
  /** The notebook with outputs. */
  readonly executed: string;
  readonly state: RunState;
  /** Makes them the last to be forgotten, as if they had been kept now. */
  renew(): void;
}

/** Keeps a copy of a notebook's outputs, and forgets the oldest of more than KEPT. The caller holds the notebook's lock. */
export function keepOutputs(cache: string, { name }: Notebook, published: string, executed: string): void {
  const folder = join(cache, name);
  const numbers = numbersIn(folder);
  const staging = stage(join(folder, `${nextNumber(folder)}`), join(folder, 'staging'));
  try {
    cpSync(published, join(staging.folder, 'published'), { recursive: true });
    cpSync(executed, join(staging.folder, 'executed.ipynb'));
    staging.putInPlace();
  } finally {
    staging.discard();
  }
  for (const number of numbers.slice(0, Math.max(0, numbers.length + 1 - KEPT)))
    rmSync(join(folder, `${number}`), { recursive: true, force: true });
}

/** The latest former outputs of which `isWanted` holds, if they are whole. */
export function findOutputs(
  cache: string,
  { name }: Notebook,
  isWanted: (state: RunState) => boolean,
): FormerOutputs | undefined {
  for (const number of [...numbersIn(join(cache, name))].reverse()) {
    const folder = join(cache, name, `${number}`);
    const [published, executed] = [join(folder, 'published'), join(folder, 'executed.ipynb')];
    const state = readRunState(published);
    if (!state || !isWanted(state)) continue;
    if (difference(state.outputs, outputsOf(name, executed, published)) === undefined)
      return {
        published,
        executed,
        state,
        renew: () => renameSync(folder, join(cache, name, `${nextNumber(join(cache, name))}`)),
      };
  }
  return undefined;
}

const nextNumber = (folder: string) => (numbersIn(folder).at(-1) ?? 0) + 1;

/** Numbered in the order they were kept, oldest first: file times tell nothing. */
function numbersIn(folder: string): readonly number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map(Number)
    .filter(Number.isSafeInteger)
    .sort((a, b) => a - b);
}
