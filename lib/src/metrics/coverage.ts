import type { Label } from '../datasets/example.js';
import { UserError } from '../project/error.js';
import { randomStream } from '../project/random.js';
import type { Clusters } from './bootstrap.js';
import { interval } from './interval.js';
import { type Statistic, scores } from './scores.js';

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
  const truth = statistic(scores(gold, predicted).confusion);
  const names = [...new Set(clusters.keys)];
  const members = names.map((name) => [...clusters.keys.keys()].filter((row) => clusters.keys[row] === name));
  const random = randomStream('interval coverage', seed);
  let held = 0;
  for (let draw = 0; draw < draws; draw++) {
    const drawn = names.map(() => members[random.below(members.length)] ?? []);
    const rows = drawn.flat();
    const { low, high } = interval(pick(gold, rows), pick(predicted, rows), statistic, {
      clusters: { name: clusters.name, keys: drawn.flatMap((own, index) => own.map(() => String(index))) },
      replicates,
      level,
      seed: draw,
    });
    if (low <= truth && truth <= high) held += 1;
  }
  return held / draws;
}

function pick(labels: readonly Label[], rows: readonly number[]): Label[] {
  return rows.flatMap((row) => labels[row] ?? []);
}
