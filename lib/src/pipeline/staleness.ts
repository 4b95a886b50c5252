import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../project/atomic.js';
import { UserError } from '../project/error.js';
import type { Input } from '../project/ledger.js';
import type { Paths } from '../project/paths.js';
import {
  codeFingerprint,
  difference,
  type Fingerprint,
  fileHash,
  fingerprint,
  isFingerprint,
  readState,
} from './fingerprint.js';
import { type Notebook, shortPath, sourceHash } from './notebook.js';
import { filesUnder } from './staging.js';

/** What a notebook's outputs were made from, and what they were; kept beside them as `run.json`. */
interface RunState {
  /** The notebook's source, the lib, the packages, Node's major version and the study. */
  readonly ingredients: Fingerprint;
  /** The files it read (project/ledger.ts). */
  readonly inputs: Fingerprint;
  /** The files it published, and the notebook with outputs. */
  readonly outputs: Fingerprint;
}

/** What all notebooks depend on: read once, before any of them runs. */
export interface Surroundings {
  readonly study: string;
  readonly fingerprint: Fingerprint;
}

/** The lib's code that results come from (not the pipeline, not the paper), the packages, Node's version, the study. */
export function readSurroundings(paths: Paths, study: string): Surroundings {
  const packages = fingerprint(paths.root, ['package-lock.json']);
  const [Node = ''] = process.versions.node.split('.');
  return {
    study,
    fingerprint: { ...codeFingerprint(['pipeline', 'paper']), ...packages, Node, STUDY: study },
  };
}

/** Why a notebook has to run again, in words; undefined if its outputs are up to date. */
export function staleReason(
  notebook: Notebook,
  paths: Paths,
  surroundings: Surroundings,
): string | undefined {
  const folder = join(paths.published, notebook.name);
  const state = readState(join(folder, STATE), isRunState);
  if (!state) return existsSync(folder) ? 'its outputs are not complete' : 'it has not run yet';
  return (
    difference(state.ingredients, ingredients(notebook, surroundings)) ??
    difference(state.inputs, fingerprint(paths.root, Object.keys(state.inputs))) ??
    difference(state.outputs, outputs(notebook, paths, folder))
  );
}

/**
 * Writes beside the staged outputs what they were made from.
 *
 * @param surroundings as they were when the run began, so that a change made meanwhile is seen the next time.
 * @throws UserError when the notebook has read what another notebook, or the paper, gave.
 */
export function recordRun(
  notebook: Notebook,
  paths: Paths,
  staging: string,
  surroundings: Surroundings,
): void {
  const inputs = readInputs(join(staging, 'inputs.jsonl'));
  for (const path of Object.keys(inputs)) {
    if (!/^(build|figures|paper)\//.test(path)) continue;
    throw new UserError(`reads ${path}, which is made by a notebook or the paper`, {
      at: { file: shortPath(notebook.path) },
      hint: 'Notebooks never read each other’s output: compute it through the lib, whose records are shared.',
    });
  }
  const state: RunState = {
    ingredients: ingredients(notebook, surroundings),
    inputs,
    outputs: outputs(notebook, paths, staging),
  };
  writeFileAtomic(join(staging, STATE), `${JSON.stringify(state, null, 2)}\n`);
}

const STATE = 'run.json';

function ingredients(notebook: Notebook, { fingerprint }: Surroundings): Fingerprint {
  return { [`notebooks/${notebook.name}.ipynb`]: sourceHash(notebook), ...fingerprint };
}

function outputs(notebook: Notebook, paths: Paths, folder: string): Fingerprint {
  const files = filesUnder(folder).filter((file) => file !== STATE);
  const published = files.map((file) => [
    `build/published/${notebook.name}/${file}`,
    fileHash(join(folder, file)),
  ]);
  const executed = `${notebook.name}.ipynb`;
  return {
    [`build/notebooks/${executed}`]: fileHash(join(paths.executed, executed)),
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
    isFingerprint(value.outputs)
  );
}
