import { UserError } from '../project/error.js';
import { type Answers, type Measure, type Reference, scores, summed } from './measure.js';
import { type BootstrapOptions, type Bounds, intervals } from './resampling/bootstrap.js';
import type { Clusters } from './resampling/clusters.js';
import { jackknife, jackknifeError } from './resampling/jackknife.js';
import { allUnits, joined, mean, meanOf, type Summed, sampleOf } from './resampling/summed.js';

/** Two systems on the same rows, and what they are compared by. Of each a list of answers for each seed, or one list. */
export interface Compared {
  readonly measure: Measure;
  readonly golds: readonly Reference[];
  readonly ours: readonly Answers[];
  readonly theirs: readonly Answers[];
}

/**
 * The answers of two systems seed by seed; one that has a single list stands beside each seed of the other.
 * @throws UserError where both have several, and not as many.
 */
export function seedPairs({
  ours,
  theirs,
}: Pick<Compared, 'ours' | 'theirs'>): readonly (readonly [Answers, Answers])[] {
  if (ours.length !== theirs.length && ours.length !== 1 && theirs.length !== 1)
    throw new UserError(`answers of ${ours.length} seeds against those of ${theirs.length}`, {
      hint: 'Give both systems with the same seeds, in the same order.',
    });
  return Array.from({ length: Math.max(ours.length, theirs.length) }, (_, seed) => [
    ours[seed] ?? ours[0] ?? [],
    theirs[seed] ?? theirs[0] ?? [],
  ]);
}

/** The score of ours minus that of theirs, the mean over seeds, of any multiset of the rows; NaN where one is not defined. */
export function difference({ measure, golds, ...systems }: Compared): Summed {
  return meanOf(
    seedPairs(systems).map((pair) =>
      joined(
        pair.map((answers) => summed([measure], golds, answers)),
        ([[ours = Number.NaN] = [], [theirs = Number.NaN] = []]) => [ours - theirs],
      ),
    ),
  );
}

/**
 * Bootstrap interval of the score of ours minus that of theirs on the same rows, drawn together; over seeds their mean. None,
 * and why, where `intervals` has none.
 *
 * @example
 * const measure = findMeasure('accuracy', { shape: 'one-of', labels: ['yes', 'no'] });
 * const golds = ['yes', 'no', 'yes', 'no'];
 * const { interval } = differenceInterval({ measure, golds, ours: [golds], theirs: [['yes', 'no', 'no', 'yes']] });
 * [interval?.low, interval?.high, interval?.method]; // -> [0, 1, 'percentile bootstrap over 4 rows']
 */
export function differenceInterval(compared: Compared, options?: BootstrapOptions): Bounds {
  const [only] = intervals(difference(compared), options);
  if (!only) throw new Error('one difference has one interval');
  return only;
}

/**
 * The difference, and its standard error by the jackknife over rows or clusters. Of a difference of accuracies over
 * single rows it is the paired t test's. A score that is not defined counts as 0. The error is NaN where it is not known: of
 * one unit, and where a score is not defined without one of them.
 *
 * @example
 * const measure = findMeasure('accuracy', { shape: 'one-of', labels: ['yes', 'no'] });
 * const golds = ['yes', 'no', 'yes', 'no'];
 * differenceError({ measure, golds, ours: [golds], theirs: [['yes', 'no', 'no', 'yes']] }); // -> { difference: 0.5, standardError: 0.289, units: 4 }
 */
export function differenceError(
  compared: Compared,
  { clusters }: { readonly clusters?: Clusters | undefined } = {},
): { readonly difference: number; readonly standardError: number; readonly units: number } {
  const sample = sampleOf(difference(compared), clusters);
  const [observed = Number.NaN] = sample.of(allUnits(sample));
  const [without = new Float64Array(0)] = jackknife(sample);
  return {
    difference: Number.isNaN(observed) ? reportedDifference(compared) : observed,
    standardError: jackknifeError(without),
    units: sample.units,
  };
}

/** With a score that is not defined counted as 0. */
const reportedDifference = ({ measure, golds, ...systems }: Compared): number =>
  mean(
    seedPairs(systems).map((pair) => {
      const [ours = 0, theirs = 0] = pair.flatMap((answers) => scores([measure], golds, answers));
      return ours - theirs;
    }),
  );
