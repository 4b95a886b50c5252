import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { writeFileAtomic } from '../../project/atomic.js';
import { sha256 } from '../../project/digest.js';
import { UserError } from '../../project/error.js';
import { filesUnder } from '../../project/folder.js';
import type { Input } from '../../project/ledger.js';
import type { Paths } from '../../project/paths.js';
import { type Notebook, shortPath, strippedText } from '../notebook/notebook.js';
import { difference, type Fingerprint, fileHash, isFingerprint, readState } from './fingerprint.js';
import { ingredients, type Snapshot } from './ingredients.js';
import { inputFingerprint } from './inputs.js';

/** What a notebook's outputs were made from, and what they were; kept beside them as `run.json`. */
export interface RunState {
  /** What could be told before it ran (ingredients.ts). */
  readonly ingredients: Fingerprint;
  /** What it read (project/ledger.ts). */
  readonly inputs: Fingerprint;
  /** The files it published, and the notebook with outputs. */
  readonly outputs: Fingerprint;
  /** Of the notebook's text, prose and comments included, that its outputs are shown under. */
  readonly text: string;
}

/** How a notebook's outputs stand to what they were made from. */
export type Freshness =
  | { readonly is: 'fresh' }
  /** Only prose or comments have changed: the outputs hold, and are to be shown under the new text. */
  | { readonly is: 'reworded' }
  | { readonly is: 'stale'; readonly reason: string };

/** Whether a notebook has to run again, and why. */
export function freshness(notebook: Notebook, paths: Paths, snapshot: Snapshot): Freshness {
  const folder = join(paths.published, notebook.name);
  const state = readRunState(folder);
  if (!state)
    return {
      is: 'stale',
      reason: existsSync(folder) ? 'its outputs are not complete' : 'it has not run yet',
    };
  const reason =
    changeSince(state, notebook, paths, snapshot) ??
    difference(state.outputs, outputsOf(notebook.name, executedFile(notebook, paths), folder));
  if (reason !== undefined) return { is: 'stale', reason };
  return { is: state.text === textHash(notebook) ? 'fresh' : 'reworded' };
}

/** What differs between what a run was made from and what there is now; undefined if nothing does. */
export function changeSince(
  state: RunState,
  notebook: Notebook,
  paths: Paths,
  snapshot: Snapshot,
): string | undefined {
  return (
    difference(state.ingredients, ingredients(notebook, paths, snapshot)) ??
    difference(state.inputs, inputFingerprint(Object.keys(state.inputs), paths, snapshot.cache))
  );
}

/** What is known of the run whose outputs are in `folder`. */
export function readRunState(folder: string): RunState | undefined {
  return readState(join(folder, STATE), isRunState);
}

/**
 * Writes beside the staged outputs what they were made from.
 *
 * @param snapshot as they were when the run began, so that a change made meanwhile is seen the next time.
 * @throws UserError when the notebook has read what another notebook, or the paper, gave.
 */
export function recordRun(notebook: Notebook, paths: Paths, staging: string, snapshot: Snapshot): RunState {
  const inputs = readInputs(join(staging, 'inputs.jsonl'));
  // The records of a reproduction lie under build/, too.
  const records = `${relative(paths.root, paths.records).replaceAll('\\', '/')}/`;
  for (const path of Object.keys(inputs)) {
    if (!/^(?:build|figures|paper)\//.test(path) || path.startsWith(records)) continue;
    throw new UserError(`reads ${path}, which is made by a notebook or the paper`, {
      at: { file: shortPath(notebook.path) },
      hint: 'Notebooks never read each other’s output: compute it through the lib, whose records are shared.',
    });
  }
  return writeRunState(staging, {
    ingredients: ingredients(notebook, paths, snapshot),
    inputs,
    outputs: outputsOf(notebook.name, executedFile(notebook, paths), staging),
    text: textHash(notebook),
  });
}

/** Writes down that the outputs in `folder` are now shown under the notebook's present text. */
export function recordText(notebook: Notebook, paths: Paths, folder: string, state: RunState): RunState {
  const outputs = outputsOf(notebook.name, executedFile(notebook, paths), folder);
  return writeRunState(folder, { ...state, outputs, text: textHash(notebook) });
}

function writeRunState(folder: string, state: RunState): RunState {
  writeFileAtomic(join(folder, STATE), `${JSON.stringify(state, null, 2)}\n`);
  return state;
}

const STATE = 'run.json';

const textHash = (notebook: Notebook) => sha256(strippedText(notebook));

/** Where the notebook with outputs lies. */
export const executedFile = (notebook: Pick<Notebook, 'name'>, paths: Paths) =>
  join(paths.executed, `${notebook.name}.ipynb`);

/** The hashes of a notebook's outputs: `executed` with outputs in the cells, the files of `folder` published. */
export function outputsOf(name: string, executed: string, folder: string): Fingerprint {
  const files = filesUnder(folder).filter((file) => file !== STATE);
  const published = files.map((file) => [`build/published/${name}/${file}`, fileHash(join(folder, file))]);
  return {
    [`build/notebooks/${name}.ipynb`]: fileHash(executed),
    ...Object.fromEntries(published),
  };
}

function readInputs(ledger: string): Fingerprint {
  if (!existsSync(ledger)) return {};
  const inputs = readFileSync(ledger, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Input => JSON.parse(line));
  return Object.fromEntries(inputs.map(({ path, sha256 }) => [path, sha256]));
}

function isRunState(value: object): value is RunState {
  return (
    'ingredients' in value &&
    isFingerprint(value.ingredients) &&
    'inputs' in value &&
    isFingerprint(value.inputs) &&
    'outputs' in value &&
    isFingerprint(value.outputs) &&
    'text' in value &&
    typeof value.text === 'string'
  );
}
