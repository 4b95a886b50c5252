import { allUnits, mean, type Sample } from './summed.js';

/** Each number of a sample without each unit in turn; NaN where it is then not defined. */
export function jackknife(sample: Sample): readonly Float64Array[] {
  const all = allUnits(sample);
  const found: Float64Array[] = [];
  for (let left = 0; left < sample.units; left++) {
    for (const [index, number] of sample.of(all.filter((unit) => unit !== left)).entries()) {
      const without = found[index] ?? new Float64Array(sample.units);
      without[left] = number;
      found[index] = without;
    }
  }
  return found;
}

/**
 * The jackknife's standard error of a number (Efron and Tibshirani 1993, section 11.5):
 * sqrt((u - 1) / u * sum (d_i - mean d_i)^2), with d_i the number without unit i of u. NaN where one of these is not
 * defined: all that is known of the number then rests on that unit, and nothing is known of its error.
 */
export function jackknifeError(without: Float64Array): number {
  const centre = mean(without);
  const squares = without.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  return Math.sqrt(((without.length - 1) / without.length) * squares);
}
