import { UserError } from '../project/error.js';
import { type BootstrapOptions, bootstrap, bootstrapCounts, type Interval } from './bootstrap.js';

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

/** An area or a difference of areas, and its interval. */
export interface Area {
  readonly number: number;
  readonly interval: Interval;
}

/**
 * The mean area of several trainings of one system, `bySeed` holding the numbers of each for the same rows, which are
 * drawn for all of them together. With one training it is `auc`, with the interval of `aucInterval`.
 * Throws UserError as these do, and for no training.
 */
export function aucOverSeeds(
  bySeed: readonly (readonly number[])[],
  positive: readonly boolean[],
  options?: BootstrapOptions,
): Area {
  return estimated(meanArea(bySeed, positive), positive.length, options);
}

/** The mean area of ours less that of theirs, on the same rows and the same draws of them. Throws as `aucOverSeeds`. */
export function aucDifference(
  ours: readonly (readonly number[])[],
  theirs: readonly (readonly number[])[],
  positive: readonly boolean[],
  options?: BootstrapOptions,
): Area {
  const [mine, others] = [meanArea(ours, positive), meanArea(theirs, positive)];
  return estimated((rows) => mine(rows) - others(rows), positive.length, options);
}

function estimated(statistic: (rows: Int32Array) => number, n: number, options?: BootstrapOptions): Area {
  const all = Int32Array.from({ length: n }, (_, row) => row);
  return { number: statistic(all), interval: bootstrap(n, statistic, options) };
}

/** The mean area over trainings, of any draw of the rows. */
function meanArea(bySeed: readonly (readonly number[])[], positive: readonly boolean[]) {
  if (bySeed.length === 0) throw new UserError('no training has numbers');
  for (const numbers of bySeed) auc(numbers, positive);
  const trainings = bySeed.map((numbers) => {
    const { outcomes, width } = sides(numbers, positive);
    return { outcomes, counts: new Int32Array(width) };
  });
  return (rows: Int32Array) =>
    trainings.reduce((sum, { outcomes, counts }) => {
      counts.fill(0);
      for (const row of rows) {
        const outcome = outcomes[row] ?? 0;
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
      return sum + areaOf(counts);
    }, 0) / trainings.length;
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
