import type { Label } from '../datasets/example.js';
import { type BootstrapOptions, bootstrapCounts, type Interval } from './bootstrap.js';
import { asConfusion, outcomes } from './confusion.js';
import { type Predictions, pairOf, pairOutcomes, seedPairs } from './pair.js';
import type { Statistic } from './scores.js';
import { meanOverSeeds, stacked } from './tally.js';

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
  const pairs = seedPairs(a, b).map((pair) => pairOutcomes(gold, ...pair));
  const { outcomes, width, clusters: whole } = stacked(pairs, 27, clusters);
  const gain = (counts: Int32Array) => {
    const { ours, theirs } = pairOf(counts);
    return statistic(ours) - statistic(theirs);
  };
  const [only] = bootstrapCounts(outcomes, width, (counts) => [meanOverSeeds(counts, 27, gain)], {
    ...options,
    clusters: whole,
  });
  if (!only) throw new Error('one statistic has one interval');
  return only;
}
