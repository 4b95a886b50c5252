import { UserError } from '../project/error.js';
import { type BootstrapOptions, bootstrap, type Interval } from './bootstrap.js';

/**
 * Area under the ROC curve: the chance that a row drawn from the positive ones has a higher number than one drawn
 * from the others, ties counting one half (Mann and Whitney 1947). 0.5 where the number does not tell them apart by
 * more or less, 1 where every positive row has the higher one, 0 where every one has the lower. It sees one direction
 * alone: a number that is middling for the positive rows gives 0.5 too.
 * Throws UserError where the two lists differ in length, a number is not finite, or all rows are on one side.
 */
export function auc(numbers: readonly number[], positive: readonly boolean[]): number {
  const compare = comparison(numbers, positive);
  const area = compare(Int32Array.from(numbers.keys()));
  if (Number.isNaN(area))
    throw new UserError('the rows are all positive, or none is: there is nothing to compare');
  return area;
}

/** Bootstrap interval of `auc`; throws too where a replicate has drawn rows of one side alone. */
export function aucInterval(
  numbers: readonly number[],
  positive: readonly boolean[],
  options?: BootstrapOptions,
): Interval {
  return bootstrap(numbers.length, comparison(numbers, positive), options);
}

/** The area of some of the rows, by counting at each distinct number; NaN where they are on one side. */
function comparison(numbers: readonly number[], positive: readonly boolean[]): (rows: Int32Array) => number {
  if (numbers.length !== positive.length)
    throw new UserError(`${numbers.length} numbers but ${positive.length} rows`);
  const wrong = numbers.find((number) => !Number.isFinite(number));
  if (wrong !== undefined) throw new UserError(`${wrong} cannot be compared`);
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  const rankOf = new Map(distinct.map((number, rank) => [number, rank]));
  const ranks = Int32Array.from(numbers, (number) => rankOf.get(number) ?? 0);
  const counts = new Int32Array(2 * distinct.length);
  return (rows) => {
    counts.fill(0);
    for (const row of rows) {
      const slot = 2 * (ranks[row] ?? 0) + (positive[row] ? 1 : 0);
      counts[slot] = (counts[slot] ?? 0) + 1;
    }
    let wins = 0;
    let positives = 0;
    let others = 0;
    for (let slot = 0; slot < counts.length; slot += 2) {
      const [here = 0, positiveHere = 0] = counts.subarray(slot, slot + 2);
      wins += positiveHere * (others + here / 2);
      others += here;
      positives += positiveHere;
    }
    return wins / (positives * others);
  };
}
