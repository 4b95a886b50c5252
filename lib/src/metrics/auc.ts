import { UserError } from '../project/error.js';
import { type Estimate, onLogitScale } from './estimates.js';
import { type BootstrapOptions, intervals, methodFor, reason, withWidth } from './resampling/bootstrap.js';
import { joined, meanOf, type Summed } from './resampling/summed.js';
import { total, vectorsOf } from './resampling/vectors.js';

/**
 * Area under the ROC curve: the chance that a row drawn from the positive ones has a higher number than one drawn
 * from the others, ties counting one half (Mann and Whitney 1947). 0.5 where the number does not tell them apart by
 * more or less, 1 where every positive row has the higher one, 0 where every one has the lower. It sees one direction
 * alone: a number that is middling for the positive rows gives 0.5 too. Its interval is made as that of other scores: of few
 * clusters by `jackknife-t` (`methodFor`), on the logit scale.
 *
 * @param bySeed the numbers of the rows, of each training of a system, which are drawn for all of them together: the
 *   mean area; one list where no seed is involved.
 * @throws UserError for no list, where lists differ in length, a number is not finite, or all rows are on one side. Replicates
 *   in which they are have no area (`intervals`).
 *
 * @example
 * const clusters = { name: 'pairs', keys: ['a', 'b', 'a', 'b'] };
 * auc([[12, 30, 9, 22]], [true, true, false, false], { clusters }).number; // -> 0.75
 */
export function auc(
  bySeed: readonly (readonly number[])[],
  positive: readonly boolean[],
  options?: BootstrapOptions,
): Estimate {
  const { interval, ...found } = estimated(meanArea(bySeed, positive), options);
  return { ...found, ...(interval && { interval: onLogitScale(found.number, interval) }) };
}

/**
 * The mean area of ours less that of theirs, on the same rows and the same draws of them.
 *
 * @throws as `auc`.
 *
 * @example
 * const [right, options] = [[true, true, false, false], { clusters: { name: 'pairs', keys: ['a', 'b', 'a', 'b'] } }];
 * aucDifference([[12, 30, 9, 22]], [[1, 2, 2, 1]], right, options).number; // -> 0.25
 */
export function aucDifference(
  ours: readonly (readonly number[])[],
  theirs: readonly (readonly number[])[],
  positive: readonly boolean[],
  options?: BootstrapOptions,
): Estimate {
  const areas = joined(
    [meanArea(ours, positive), meanArea(theirs, positive)],
    ([[mine = Number.NaN] = [], [others = Number.NaN] = []]) => [mine - others],
  );
  return estimated(areas, options);
}

function estimated(areas: Summed, options: BootstrapOptions = {}): Estimate {
  const [number = Number.NaN] = areas.of(total(areas.vectors));
  if (Number.isNaN(number))
    throw new UserError('the rows are all positive, or none is: there is nothing to compare');
  const [only] = intervals(areas, { method: methodFor(options.clusters), ...options });
  if (!only) throw new Error('one area has one interval');
  const found = withWidth(only);
  return found.interval
    ? { number, interval: found.interval }
    : { number, note: `no interval, since ${reason(found, 'the rows are all positive, or none is')}` };
}

function meanArea(bySeed: readonly (readonly number[])[], positive: readonly boolean[]): Summed {
  if (bySeed.length === 0) throw new UserError('no training has numbers');
  return meanOf(bySeed.map((numbers) => area(numbers, positive)));
}

/** Each row counts at 2 * the rank of its number among the distinct ones, plus 1 where it is positive. */
function area(numbers: readonly number[], positive: readonly boolean[]): Summed {
  if (numbers.length !== positive.length)
    throw new UserError(`${numbers.length} numbers but ${positive.length} rows`);
  const wrong = numbers.find((number) => !Number.isFinite(number));
  if (wrong !== undefined) throw new UserError(`${wrong} cannot be compared`);
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  const rankOf = new Map(distinct.map((number, rank) => [number, rank]));
  return {
    vectors: vectorsOf(numbers.length, 2 * distinct.length, (row, add) =>
      add(2 * (rankOf.get(numbers[row] ?? Number.NaN) ?? 0) + (positive[row] ? 1 : 0)),
    ),
    of: (counts) => [areaOf(counts)],
  };
}

/** The area, by counting at each distinct number; NaN where all rows are on one side. */
function areaOf(counts: Float64Array): number {
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
