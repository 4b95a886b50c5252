import { buildHeaders } from '../datasets/builds.js';
import { findGguf } from '../models/catalogue.js';
import { knownHash, pinModel } from '../models/pin.js';
import { gridOf, type HyperParameters, optionsOf, RECIPE_VERSION } from '../models/training-entry.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import type { RecordHeader } from '../records/header.js';
import { openRecords, type SealedRecord } from '../records/store.js';
import { promptHash } from '../scoring/chat.js';
import { findPrompt } from '../tasks/prompt.js';
import type { TrainedAs } from './entry-adapter.js';

/** A combination of a grid, and how it fared: a row of the record of an entry's trials. */
export type Trial = HyperParameters & {
  /** `trial-1`, ... in the order of the grid. */
  readonly id: string;
  readonly rows: number;
  readonly validationRows: number;
  /** What the trial began from: the hub's weights, or those of the model's file. */
  readonly base: { readonly from: 'hub' | 'gguf'; readonly name: string };
  /** After each epoch: the mean loss of the validation rows, in nats a row. */
  readonly validationLosses: readonly number[];
  /** The mean loss of the updates in each epoch; null where one was no finite number. */
  readonly trainingLosses: readonly (number | null)[];
};

/** Everything that determines an entry's trials; the first of its seeds draws their rows. */
export async function trialsHeader(
  { entry, prompt }: Omit<TrainedAs, 'seed'>,
  paths: Paths = projectPaths(),
): Promise<RecordHeader> {
  const model = await pinModel(findGguf(entry.model, paths), paths);
  return {
    kind: 'trials',
    recipe: RECIPE_VERSION,
    model: { id: model.id, sha256: model.sha256 },
    prompt: { template: prompt, sha256: promptHash(findPrompt(prompt, paths)) },
    ...buildHeaders(entry.train, paths),
    ...{ size: entry.size, seed: entry.seeds[0] ?? 0, validation: entry.validation },
    ...{ method: entry.method, targets: entry.targets, warmup: entry.warmup },
    options: optionsOf(entry) ?? null,
    grid: gridOf(entry).map((hyper) => ({ ...hyper })),
  };
}

/** The record's name, for people. */
export const trialsName = ({ id }: TrainedAs['entry']) => `trials/${id}`;

/**
 * The trials of an entry's grid, if they have been made: what a table of them is from.
 *
 * @example
 * const study = openStudy('small');
 * const [entry] = (study.plan.training ?? []).flatMap((each) => (each.method === 'encoder' ? [] : [each]));
 * await findTrials({ entry, prompt: study.promptOf(entry) }); // -> undefined
 */
export async function findTrials(
  wanted: Omit<TrainedAs, 'seed'>,
  paths: Paths = projectPaths(),
): Promise<SealedRecord<Trial> | undefined> {
  // A model that nobody has downloaded has no hash, so no record can be of it.
  if (knownHash(findGguf(wanted.entry.model, paths), paths) === undefined) return undefined;
  return openRecords(paths).find<Trial>(await trialsHeader(wanted, paths), trialsName(wanted.entry));
}

/**
 * Of trials the one with the least loss on the validation rows at its end; of equals the first. A loss that is no
 * finite number is not among a trial's: with fewer losses than epochs it has diverged, and is not taken.
 *
 * @throws UserError if all have.
 *
 * @example
 * const trial = { rank: 8, alpha: 16, dropout: 0, epochs: 2, learningRate: 0.001, batch: 16, rows: 90, validationRows: 10 };
 * const trained = { ...trial, base: { from: 'hub', name: 'tiny' }, trainingLosses: [2, 1] } as const;
 * const losses = [[1.5, 1.2], [1.4, 1.1], [1.3]];
 * bestTrial(losses.map((validationLosses, at) => ({ ...trained, id: `trial-${at + 1}`, validationLosses }))).id; // -> 'trial-2'
 */
export function bestTrial(trials: readonly Trial[]): Trial {
  const ended = trials.flatMap((trial) => {
    const loss = trial.validationLosses[trial.epochs - 1];
    return loss === undefined ? [] : [{ trial, loss }];
  });
  const [best] = ended.toSorted((a, b) => a.loss - b.loss);
  if (best) return best.trial;
  throw new UserError('no trial of the grid came to a finite loss on the validation rows', {
    hint: 'Give smaller learning rates.',
  });
}
