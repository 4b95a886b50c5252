import { UserError } from '../project/error.js';
import { randomStream } from '../project/random.js';
import type { Label } from '../tasks/example.js';
import { type Clusters, resample } from './bootstrap.js';
import { asConfusion, outcomes, tally } from './confusion.js';
import { checkResampling } from './resampling.js';
import type { Statistic } from './scores.js';
import { summing, tallyOf } from './tally.js';

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
  checkResampling(gold.length, { clusters, replicates });

  const codes = outcomes(gold, predicted);
  const world = tallyOf(codes, 9, clusters.keys);
  const truth = statistic(tally(codes));
  const random = randomStream('interval coverage', seed);
  const drawn = new Int32Array(world.kinds.length);
  const kinds = new Uint32Array(drawn.length);
  const sum = summing({ ...world, kinds });
  const ofDrawn = (again: Int32Array) => [statistic(asConfusion(sum(again)))];
  let held = 0;
  for (let draw = 0; draw < draws; draw++) {
    random.fillBelow(drawn, drawn.length);
    for (const [index, unit] of drawn.entries()) kinds[index] = world.kinds[unit] ?? 0;
    const [interval] = resample(drawn.length, ofDrawn, { replicates, level, seed: draw });
    if (interval && interval.low <= truth && truth <= interval.high) held += 1;
  }
  return held / draws;
}
