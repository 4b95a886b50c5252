import { adapterId, gridOf, type HyperParameters } from '../models/training-entry.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { findPrompt } from '../tasks/prompt.js';
import type { TrainedAs } from './entry-adapter.js';
import { type Trained, train } from './training.js';
import type { Training } from './training-facts.js';
import { type DrawnRows, forValidation, trainingRows } from './training-rows.js';
import { trialsOf } from './trials.js';
import { bestTrial } from './trials-record.js';

/** A trained entry, with what it has learnt from. */
export interface TrainedEntry extends TrainedAs {
  readonly trained: Trained;
  readonly hyper: HyperParameters;
  readonly drawn: readonly DrawnRows[];
}

/** Trains an entry with a seed: with the hyper-parameters it names, or those that its grid chooses. */
export async function trainEntry(wanted: TrainedAs, paths: Paths = projectPaths()): Promise<TrainedEntry> {
  const { training, drawn } = await trainingOf(wanted, paths);
  return { ...wanted, trained: await train(training, paths), hyper: training.hyper, drawn };
}

/** The training that an entry asks for with a seed, and the rows that were drawn; of a grid the trials are made first. */
export async function trainingOf(
  wanted: TrainedAs,
  paths: Paths = projectPaths(),
): Promise<{ readonly training: Training; readonly drawn: readonly DrawnRows[] }> {
  const { entry, seed, prompt } = wanted;
  const drawn = await trainingRows(entry, seed, paths);
  const all = drawn.flatMap((part) => part.rows);
  const hyper = await chosen(wanted, paths);
  const stratify = findPrompt(prompt, paths).shape;
  const held = { share: entry.validation, seed, stratify };
  const parts = entry.patience > 0 ? forValidation(all, held) : { train: all };
  const rows = { rows: parts.train, ...('validation' in parts && { validation: parts.validation }) };
  return { training: { name: adapterId(entry, seed), entry, hyper, seed, prompt, ...rows }, drawn };
}

/** The hyper-parameters that an entry names or, of a grid, those of the best trial: the same for all its seeds. */
async function chosen(wanted: TrainedAs, paths: Paths): Promise<HyperParameters> {
  const [only, ...others] = gridOf(wanted.entry);
  if (!only) throw new Error('an entry without hyper-parameters');
  if (others.length === 0) return only;
  const { rank, alpha, dropout, epochs, learningRate, batch } = bestTrial(
    (await trialsOf(wanted, paths)).rows,
  );
  return { rank, alpha, dropout, epochs, learningRate, batch };
}
