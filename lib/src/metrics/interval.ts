import type { Label } from '../tasks/example.js';
import { type BootstrapOptions, bootstrapCounts, type Interval } from './bootstrap.js';
import { asConfusion, outcomes } from './confusion.js';
import { type Predictions, stackedPairs } from './pair.js';
import type { Statistic } from './scores.js';

/** Bootstrap interval of a score; give `clusters` where rows depend on one another. */
export function interval(
  gold: readonly Label[],
  predicted: readonly Label[],
  statistic: Statistic,
  options?: BootstrapOptions,
): Interval {
  const [only] = intervals(gold, predicted, [statistic], options);
  if (!only) throw new Error('one statistic has one interval');
  return only;
}

/** The intervals of several scores, on the same draws. */
export function intervals(
  gold: readonly Label[],
  predicted: readonly Label[],
  statistics: readonly Statistic[],
  options?: BootstrapOptions,
): Interval[] {
  return bootstrapCounts(
    outcomes(gold, predicted),
    9,
    (counts) => {
      const confusion = asConfusion(counts);
      return statistics.map((statistic) => statistic(confusion));
    },
    options,
  );
}

/** Bootstrap interval of the score of `a` minus that of `b` on the same rows, drawn together; over seeds their mean. */
export function differenceInterval(
  gold: readonly Label[],
  a: Predictions,
  b: Predictions,
  statistic: Statistic,
  { clusters, ...options }: BootstrapOptions = {},
): Interval {
  const pairs = stackedPairs(gold, a, b, statistic, clusters);
  const difference = (counts: Int32Array) => [pairs.differenceOf(counts)];
  const [only] = bootstrapCounts(pairs.outcomes, pairs.width, difference, {
    ...options,
    clusters: pairs.clusters,
  });
  if (!only) throw new Error('one statistic has one interval');
  return only;
}
