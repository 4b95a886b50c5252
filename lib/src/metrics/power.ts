import { UserError } from '../project/error.js';
import { normalQuantile, studentQuantile } from './distributions.js';

/** A paired design: two systems asked the same questions. */
export interface PairedDesign {
  /** Variance over questions of the difference of their two scores. */
  readonly variance: number;
  /** Mean variance of one answer to a question, of both systems summed, over the answers drawn; 0 where none is drawn. */
  readonly samplingVariance?: number;
  /** Two-sided level of the test, default 0.05. */
  readonly alpha?: number;
  /** Chance to find an effect of this size, default 0.8. */
  readonly power?: number;
}

/**
 * Questions needed to find a difference of `effect` (Miller 2024, "Adding Error Bars to Evals", section 5):
 * (z_{alpha/2} + z_{power})^2 (variance + samplingVariance) / effect^2, not rounded. Questions in clusters count for less.
 *
 * @example
 * Math.ceil(sampleSize(0.03, { variance: 0.25 })); // -> 2181
 */
export function sampleSize(effect: number, design: PairedDesign): number {
  if (!(effect > 0)) throw new UserError(`an effect of ${effect}`, { hint: 'Give one above 0.' });
  return (reach(design) / effect) ** 2 * spread(design);
}

/**
 * The least difference that `n` questions find: the same formula solved for the effect.
 *
 * @example
 * minimumDetectableEffect(450, { variance: 0.25 }); // -> 0.066
 */
export function minimumDetectableEffect(n: number, design: PairedDesign): number {
  if (!(n > 0)) throw new UserError(`${n} questions`);
  return reach(design) * Math.sqrt(spread(design) / n);
}

/**
 * The least difference that a two-sided test finds in 80 of 100 cases, by its standard error: (t_{1 - alpha / 2} + t_{0.8}) s,
 * with the quantiles of Student's t and its degrees of freedom (`freedomOf`; infinite: the normal ones).
 *
 * @param alpha default 0.05: the level that a correction leaves the test (`levelLeft`).
 *
 * @example
 * leastDifference(0.02, 49); // -> 0.057
 * leastDifference(0.02, 49, 0.05 / 8); // -> 0.074
 */
export function leastDifference(standardError: number, freedom: number, alpha = 0.05): number {
  return (studentQuantile(1 - alpha / 2, freedom) + studentQuantile(0.8, freedom)) * standardError;
}

function reach({ alpha = 0.05, power = 0.8 }: Pick<PairedDesign, 'alpha' | 'power'>): number {
  for (const chance of [alpha, power])
    if (!(chance > 0 && chance < 1)) throw new UserError(`${chance} is not a chance between 0 and 1`);
  return normalQuantile(1 - alpha / 2) + normalQuantile(power);
}

function spread({ variance, samplingVariance = 0 }: PairedDesign): number {
  if (!(variance >= 0 && samplingVariance >= 0)) throw new UserError('a variance is below 0');
  return variance + samplingVariance;
}
