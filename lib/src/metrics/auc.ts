import { UserError } from '../project/error.js';
import { type BootstrapOptions, bootstrapCounts, type Interval } from './bootstrap.js';

/**
 * Area under the ROC curve: the chance that a row drawn from the positive ones has a higher number than one drawn
 * from the others, ties counting one half (Mann and Whitney 1947). 0.5 where the number does not tell them apart by
 * more or less, 1 where every positive row has the higher one, 0 where every one has the lower. It sees one direction
 * alone: a number that is middling for the positive rows gives 0.5 too.
 * Throws UserError where the two lists differ in length, a number is not finite, or all rows are on one side.
 */
export function auc(numbers: readonly number[], positive: readonly boolean[]): number {
  const { outcomes, width } = sides(numbers, positive);
  const counts = new Int32Array(width);
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  const area = areaOf(counts);
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
  const { outcomes, width } = sides(numbers, positive);
  const [only] = bootstrapCounts(outcomes, width, (counts) => [areaOf(counts)], options);
  if (!only) throw new Error('one statistic has one interval');
  return only;
}

/** Each row as 2 * the rank of its number among the distinct ones, plus 1 where it is positive. */
function sides(numbers: readonly number[], positive: readonly boolean[]) {
  if (numbers.length !== positive.length)
    throw new UserError(`${numbers.length} numbers but ${positive.length} rows`);
  const wrong = numbers.find((number) => !Number.isFinite(number));
  if (wrong !== undefined) throw new UserError(`${wrong} cannot be compared`);
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  const rankOf = new Map(distinct.map((number, rank) => [number, rank]));
  const outcomes = Uint32Array.from(
    numbers,
    (number, row) => 2 * (rankOf.get(number) ?? 0) + (positive[row] ? 1 : 0),
  );
  return { outcomes, width: 2 * distinct.length };
}

/** The area, by counting at each distinct number; NaN where all rows are on one side. */
function areaOf(counts: Int32Array): number {
  let wins = 0;
  let positives = 0;
  let others = 0;
  for (let slot = 0; slot < counts.length; slot += 2) {
    const here = counts[slot] ?? 0;
    const positiveHere = counts[slot + 1] ?? 0;
    wins += positiveHere * (others + here / 2);
    others += here;
    positives += positiveHere;
  }
  return wins / (positives * others);
}
