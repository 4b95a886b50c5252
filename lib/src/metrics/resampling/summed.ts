import { type Clusters, unitsOf } from './clusters.js';
import { summing, tallyOf } from './tally.js';
import { offsetsOf, sideBySide, type Vectors } from './vectors.js';

/** Rows as vectors, and the numbers that a sum of them gives: all that is drawn, exchanged or left out is a sum. */
export interface Summed {
  readonly vectors: Vectors;
  /** @param sums of any multiset of the rows; the array may be reused between calls. */
  of(sums: Float64Array): readonly number[];
}

/** Numbers of any units, repeats included, given as indices in 0..units-1. */
export interface Sample {
  readonly units: number;
  of(drawn: Int32Array): readonly number[];
}

/** The units of a sum: its rows, or its clusters of rows. */
export function sampleOf({ vectors, of }: Summed, clusters?: Clusters): Sample {
  const tally = tallyOf(vectors, unitsOf(vectors.starts.length - 1, clusters));
  const sum = summing(tally);
  return { units: tally.kinds.length, of: (drawn) => of(sum(drawn)) };
}

/** Every unit once. */
export const allUnits = ({ units }: Pick<Sample, 'units'>) =>
  Int32Array.from({ length: units }, (_, unit) => unit);

/** Sums of the same rows as one, and the numbers that are made of the numbers of each. */
export function joined(
  parts: readonly Summed[],
  of: (numbers: readonly (readonly number[])[]) => readonly number[],
): Summed {
  const offsets = offsetsOf(parts.map(({ vectors }) => vectors));
  return {
    vectors: sideBySide(parts.map(({ vectors }) => vectors)),
    of: (sums) => of(parts.map((part, index) => part.of(sums.subarray(offsets[index], offsets[index + 1])))),
  };
}

/** The mean of each number over several sums of the same rows, such as those of several seeds. */
export function meanOf(parts: readonly Summed[]): Summed {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  return joined(parts, (numbers) =>
    (numbers[0] ?? []).map((_, index) => mean(numbers.map((each) => each[index] ?? Number.NaN))),
  );
}

/**
 * The mean of some numbers; NaN of none.
 *
 * @example
 * mean([1, 2, 6]); // -> 3
 */
export function mean(numbers: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < numbers.length; index++) sum += numbers[index] ?? 0;
  return sum / numbers.length;
}

/** The standard deviation of some numbers, of n - 1. */
export function deviation(numbers: ArrayLike<number>): number {
  const centre = mean(numbers);
  let squares = 0;
  for (let index = 0; index < numbers.length; index++) squares += ((numbers[index] ?? 0) - centre) ** 2;
  return Math.sqrt(squares / (numbers.length - 1));
}
