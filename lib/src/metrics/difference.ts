import { UserError } from '../project/error.js';
import { studentQuantile } from './distributions.js';
import { type Answers, type Measure, type Reference, scores, summed } from './measure.js';
import {
  type BootstrapOptions,
  type Bounds,
  freedomOf,
  type Interval,
  intervals,
  methodFor,
  withWidth,
} from './resampling/bootstrap.js';
import { type Clusters, drawnUnits } from './resampling/clusters.js';
import { jackknife, jackknifeError } from './resampling/jackknife.js';
import { allUnits, deviation, joined, mean, meanOf, type Summed, sampleOf } from './resampling/summed.js';

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
 * Interval of the score of ours minus that of theirs on the same rows, drawn together; over seeds their mean. By the
 * percentile bootstrap, or, unless told otherwise, by `jackknife-t` where clusters are few (`methodFor`). None, and why, where
 * `intervals` has none or one without width.
 *
 * @example
 * const measure = findMeasure('accuracy', { shape: 'one-of', labels: ['yes', 'no'] });
 * const golds = ['yes', 'no', 'yes', 'no'];
 * const { interval } = differenceInterval({ measure, golds, ours: [golds], theirs: [['yes', 'no', 'no', 'yes']] });
 * [interval?.low, interval?.high, interval?.method]; // -> [0, 1, 'percentile bootstrap over 4 rows']
 */
export function differenceInterval(compared: Compared, options: BootstrapOptions = {}): Bounds {
  const method = methodFor(options.clusters);
  const [only] = intervals(difference(compared), { method, ...options });
  if (!only) throw new Error('one difference has one interval');
  return withWidth(only);
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
const reportedDifference = (compared: Compared): number => mean(differencesBySeed(compared));

const differencesBySeed = ({ measure, golds, ...systems }: Compared): readonly number[] =>
  seedPairs(systems).map((pair) => {
    const [ours = 0, theirs = 0] = pair.flatMap((answers) => scores([measure], golds, answers));
    return ours - theirs;
  });

/**
 * Interval of the difference, the mean over seeds, for other rows and other seeds: its variance is that of the jackknife over
 * rows or clusters and that over seeds, which is the variance of single differences by their number, together; what differs by
 * both is in each, so that it is rather too wide. By Student's t with Welch and Satterthwaite's degrees of freedom, few where
 * most of it is the seeds'. (A bootstrap of two seeds has half of their variance.) Undefined of one seed, and where there is
 * no jackknife error.
 */
export function intervalOverSeeds(
  compared: Compared,
  { clusters, level = 0.95 }: Pick<BootstrapOptions, 'clusters' | 'level'> = {},
): Interval | undefined {
  const bySeed = differencesBySeed(compared);
  const seeds = bySeed.length;
  if (seeds < 2) return undefined;
  const { difference: number, standardError, units } = differenceError(compared, { clusters });
  const [ofRows, ofSeeds] = [standardError ** 2, deviation(bySeed) ** 2 / seeds];
  const variance = ofRows + ofSeeds;
  if (!(variance > 0)) return undefined;
  const freedom = variance ** 2 / (ofRows ** 2 / freedomOf(units, clusters) + ofSeeds ** 2 / (seeds - 1));
  const reach = studentQuantile((1 + level) / 2, freedom) * Math.sqrt(variance);
  return {
    low: number - reach,
    high: number + reach,
    level,
    method: `Student's t with the jackknife's error over ${seeds} seeds and ${drawnUnits(units, clusters)}`,
  };
}
