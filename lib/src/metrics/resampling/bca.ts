import { normalCdf, normalQuantile } from '../distributions.js';
import { mean } from './summed.js';

/**
 * The shares of bootstrap estimates between which a BCa interval lies, bias-corrected and accelerated (Efron 1987;
 * Efron and Tibshirani 1993, section 14.3): with z0 the normal quantile of the share of estimates below the observed
 * one, ties counting one half, and a the skewness of the jackknife over six, the tail p becomes
 * Phi(z0 + (z0 + z_p) / (1 - a (z0 + z_p))).
 *
 * @param estimates replicates, ascending.
 * @param without the statistic without each unit in turn; units are clusters where these are drawn.
 * @returns the tails uncorrected where the correction is not defined: all estimates on one side of the observed one.
 */
export function bcaTails(
  estimates: Float64Array,
  observed: number,
  without: Float64Array,
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
  const centre = mean(without);
  let squares = 0;
  let cubes = 0;
  for (const each of without) {
    const away = centre - each;
    squares += away ** 2;
    cubes += away ** 3;
  }
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
  const corrected = (tail: number) => {
    const z = bias + normalQuantile(tail);
    return normalCdf(bias + z / (1 - acceleration * z));
  };
  return [corrected(tails[0]), corrected(tails[1])];
}
