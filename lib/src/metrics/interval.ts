import type { Label } from '../datasets/example.js';
import { type BootstrapOptions, bootstrap, type Interval } from './bootstrap.js';
import { outcomes, tally } from './confusion.js';
import type { Statistic } from './scores.js';

/** Bootstrap interval of a score; give `clusters` where rows depend on one another. */
export function interval(
  gold: readonly Label[],
  predicted: readonly Label[],
  statistic: Statistic,
  options?: BootstrapOptions,
): Interval {
  const codes = outcomes(gold, predicted);
  return bootstrap(codes.length, (rows) => statistic(tally(codes, rows)), options);
}

/** Bootstrap interval of the score of `a` minus that of `b` on the same rows, drawn together. */
export function differenceInterval(
  gold: readonly Label[],
  a: readonly Label[],
  b: readonly Label[],
  statistic: Statistic,
  options?: BootstrapOptions,
): Interval {
  const ours = outcomes(gold, a);
  const theirs = outcomes(gold, b);
  return bootstrap(
    ours.length,
    (rows) => statistic(tally(ours, rows)) - statistic(tally(theirs, rows)),
    options,
  );
}
