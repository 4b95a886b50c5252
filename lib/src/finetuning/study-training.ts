import { adapterId, gridOf, type HyperParameters } from '../models/training-entry.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { type Trained, train } from './training.js';
import { type DrawnRows, trainingRows } from './training-rows.js';
import type { Wanted } from './wanted.js';

/** A trained entry, with what it has learnt from. */
export interface TrainedEntry extends Wanted {
  readonly trained: Trained;
  readonly hyper: HyperParameters;
  readonly drawn: readonly DrawnRows[];
}

/** Trains an entry with a seed: with the hyper-parameters it names, or those that its grid chooses. */
export async function trainEntry(wanted: Wanted, paths: Paths = projectPaths()): Promise<TrainedEntry> {
  const { entry, seed, prompt } = wanted;
  const drawn = await trainingRows(entry, seed, paths);
  const rows = drawn.flatMap((part) => part.rows);
  const [hyper] = gridOf(entry);
  if (!hyper) throw new Error('an entry without hyper-parameters');
  const trained = await train({ name: adapterId(entry, seed), entry, hyper, seed, prompt, rows }, paths);
  return { ...wanted, trained, hyper, drawn };
}
