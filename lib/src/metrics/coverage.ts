import type { Label } from '../datasets/example.js';
import { UserError } from '../project/error.js';
import { randomStream } from '../project/random.js';
import { bootstrap, type Clusters } from './bootstrap.js';
import { asConfusion, countOutcomes, outcomes, tally } from './confusion.js';
import type { Statistic } from './scores.js';

/**
 * How often the intervals of `interval` hold what they should, by a double bootstrap (Efron and Tibshirani 1993,
 * chapter 18): the rows at hand are taken for the world, sets of as many clusters are drawn from it, and the share is
 * counted of those whose interval holds the statistic of the world, 0..1. Well below `level`, intervals are too narrow.
 * Drawn sets have fewer different clusters than the world has, so the truth is likely somewhat higher.
 *
 * @param options.draws sets that are drawn, default 400: the share is then known to about 1 % (one standard error).
 * @throws UserError as `interval` does.
 */
export function intervalCoverage(
  gold: readonly Label[],
  predicted: readonly Label[],
  statistic: Statistic,
  options: { clusters: Clusters; draws?: number; replicates?: number; level?: number; seed?: number },
): number {
  const { clusters, draws = 400, replicates = 400, level = 0.95, seed = 0 } = options;
  if (!(Number.isInteger(draws) && draws > 0)) throw new UserError(`draws is ${draws}`);
  if (clusters.keys.length !== gold.length)
    throw new UserError(`${gold.length} rows but cluster keys of ${clusters.keys.length}`);

  const codes = outcomes(gold, predicted);
  const keys = new Set(clusters.keys);
  const members = [...keys].map((key) =>
    Int32Array.from(codes.keys()).filter((row) => clusters.keys[row] === key),
  );
  const counts = members.map((rows) => countOutcomes(codes, rows));
  const truth = statistic(tally(codes));
  const random = randomStream('interval coverage', seed);
  // Clusters are summed, not their rows: this is the inner loop of a loop.
  const sum = new Float64Array(9);
  let held = 0;
  for (let draw = 0; draw < draws; draw++) {
    const drawn = counts.flatMap(() => counts[random.below(counts.length)] ?? []);
    const ofAgain = (again: Int32Array) => {
      sum.fill(0);
      for (const index of again) {
        const cluster = drawn[index];
        if (cluster) for (let code = 0; code < 9; code++) sum[code] = (sum[code] ?? 0) + (cluster[code] ?? 0);
      }
      return statistic(asConfusion(sum));
    };
    const { low, high } = bootstrap(drawn.length, ofAgain, { replicates, level, seed: draw });
    if (low <= truth && truth <= high) held += 1;
  }
  return held / draws;
}
