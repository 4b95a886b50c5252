import { normalCdf, normalQuantile } from './distributions.js';

/**
 * The shares of bootstrap estimates between which a BCa interval lies, bias-corrected and accelerated (Efron 1987;
 * Efron and Tibshirani 1993, section 14.3): with z0 the normal quantile of the share of estimates below the observed
 * one, ties counting one half, and a the skewness of the jackknife over six, the tail p becomes
 * Phi(z0 + (z0 + z_p) / (1 - a (z0 + z_p))).
 *
 * @param estimates replicates, ascending.
 * @param jackknife the statistic without each unit in turn; units are clusters where these are drawn.
 * @returns the tails uncorrected where the correction is not defined: all estimates on one side of the observed one.
 */
export function bcaTails(
  estimates: Float64Array,
  observed: number,
  jackknife: Float64Array,
  tails: readonly [number, number],
): readonly [number, number] {
  let below = 0;
  let equal = 0;
  for (const estimate of estimates) {
    if (estimate < observed) below += 1;
    else if (estimate === observed) equal += 1;
  }
  const bias = normalQuantile((below + equal / 2) / estimates.length);
  if (!Number.isFinite(bias)) return tails;
  const mean = jackknife.reduce((sum, each) => sum + each, 0) / jackknife.length;
  let squares = 0;
  let cubes = 0;
  for (const each of jackknife) {
    const deviation = mean - each;
    squares += deviation ** 2;
    cubes += deviation ** 3;
  }
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
  const corrected = (tail: number) => {
    const z = bias + normalQuantile(tail);
    return normalCdf(bias + z / (1 - acceleration * z));
  };
  return [corrected(tails[0]), corrected(tails[1])];
}

/** `bcaTails` of several statistics of drawn units, each with its ascending `estimates`. */
export function bcaShares(
  estimates: readonly Float64Array[],
  units: number,
  statistics: (drawn: Int32Array) => readonly number[],
  tails: readonly [number, number],
): (readonly [number, number])[] {
  const all = Int32Array.from({ length: units }, (_, unit) => unit);
  const observed = [...statistics(all)];
  const without = estimates.map(() => new Float64Array(units));
  for (let left = 0; left < units; left++) {
    const others = all.filter((unit) => unit !== left);
    for (const [index, estimate] of statistics(others).entries()) {
      const jackknife = without[index];
      if (jackknife) jackknife[left] = estimate;
    }
  }
  return estimates.map((each, index) =>
    bcaTails(each, observed[index] ?? Number.NaN, without[index] ?? new Float64Array(0), tails),
  );
}
