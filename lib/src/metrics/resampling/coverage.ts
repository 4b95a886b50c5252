import { UserError } from '../../project/error.js';
import { randomStream } from '../../project/random.js';
import { replicated, replicateIntervals } from './bootstrap.js';
import { type Clusters, unitsOf } from './clusters.js';
import { allUnits, type Sample, type Summed } from './summed.js';
import { summing, tallyOf } from './tally.js';

/**
 * How often the `intervals` of each number of a sum hold what they should, by a double bootstrap (Efron and Tibshirani
 * 1993, chapter 18): the rows at hand are taken for the world, sets of as many clusters are drawn from it, and the share
 * is counted of those whose interval holds the number of the world, 0..1. Well below `level`, intervals are too narrow.
 * Drawn sets have fewer different clusters than the world has, so the truth is likely somewhat higher. Sets without an
 * interval do not count; NaN where none has one.
 *
 * @param options.draws sets that are drawn, default 400: the share is then known to about 1 % (one standard error).
 * @throws UserError as `intervals` does.
 *
 * @example
 * const golds = Array.from({ length: 60 }, (_, row) => (row % 3 ? 'yes' : 'no'));
 * const right = summed([findMeasure('accuracy', { shape: 'one-of', labels: ['yes', 'no'] })], golds, golds.map(() =>
 * 'yes')); intervalCoverage(right, { clusters: { name: 'rows', keys: golds.map((_, row) => `${row}`) } }); // -> [0.9525]
 */
export function intervalCoverage(
  { vectors, of }: Summed,
  options: { clusters: Clusters; draws?: number; replicates?: number; level?: number; seed?: number },
): readonly number[] {
  const { clusters, draws = 400, replicates = 400, level = 0.95, seed = 0 } = options;
  if (!(Number.isInteger(draws) && draws > 0)) throw new UserError(`draws is ${draws}`);
  const world = tallyOf(vectors, unitsOf(vectors.starts.length - 1, clusters));
  const units = world.kinds.length;
  const truth = [...of(summing(world)(allUnits({ units })))];
  const random = randomStream('interval coverage', seed);
  const drawn = new Int32Array(units);
  const kinds = new Uint32Array(units);
  const sum = summing({ ...world, kinds });
  const sample: Sample = { units, of: (again) => of(sum(again)) };
  const [held, made] = [truth.map(() => 0), truth.map(() => 0)];
  for (let draw = 0; draw < draws; draw++) {
    random.fillBelow(drawn, units);
    for (const [index, unit] of drawn.entries()) kinds[index] = world.kinds[unit] ?? 0;
    const estimates = replicated(sample, { replicates, seed: draw });
    for (const [index, { interval }] of replicateIntervals(sample, estimates, { level }).entries()) {
      if (!interval) continue;
      made[index] = (made[index] ?? 0) + 1;
      const wanted = truth[index] ?? Number.NaN;
      if (interval.low <= wanted && wanted <= interval.high) held[index] = (held[index] ?? 0) + 1;
    }
  }
  return held.map((count, index) => count / (made[index] ?? 0));
}
