import { UserError } from '../project/error.js';

/** How p-values of a family of tests are corrected. */
export type Correction = 'holm' | 'benjamini-hochberg' | 'none';

/**
 * The p-values corrected, in the order given.
 *
 * @param family how many tests they are corrected over, where not all are at hand.
 * @throws UserError for one outside 0..1.
 *
 * @example
 * corrected([0.01, 0.04, 0.03], 'holm'); // -> [0.03, 0.06, 0.06]
 * corrected([0.01, 0.04, 0.03], 'benjamini-hochberg'); // -> [0.03, 0.04, 0.04]
 */
export function corrected(
  pValues: readonly number[],
  correction: Correction,
  family = pValues.length,
): number[] {
  if (correction === 'none') return [...pValues];
  // Tests that are not at hand are taken for the least clear of all, which makes none of these too small.
  const all = [...pValues, ...Array.from({ length: Math.max(0, family - pValues.length) }, () => 1)];
  return (correction === 'holm' ? holm(all) : benjaminiHochberg(all)).slice(0, pValues.length);
}

/**
 * The level at which a correction tests one p-value, the others as they are: the highest p with which it would still count. By
 * Holm alpha over as many as are not found before it, by Benjamini and Hochberg alpha times the share that would be found with it.
 *
 * @param family how many tests they are corrected over, where not all are at hand.
 *
 * @example
 * [0, 2].map((index) => levelLeft([0.001, 0.2, 0.3], index, 'holm')); // -> [0.0167, 0.025]
 */
export function levelLeft(
  pValues: readonly number[],
  index: number,
  correction: Correction,
  { family = pValues.length, alpha = 0.05 }: { readonly family?: number; readonly alpha?: number } = {},
): number {
  if (correction === 'none') return alpha;
  const size = Math.max(family, pValues.length);
  const steps = Array.from({ length: size }, (_, step) =>
    correction === 'holm' ? alpha / (step + 1) : (alpha * (size - step)) / size,
  );
  const counts = (level: number) =>
    (corrected(pValues.with(index, level), correction, size)[index] ?? 1) <= alpha * (1 + 1e-9);
  return steps.find(counts) ?? alpha / size;
}

/**
 * Holm's step-down correction (1979): the k-th smallest of m p-values times m - k + 1, never below the ones before it,
 * at most 1. At or below alpha, the chance of any false finding in the family is at most alpha, whatever the dependence.
 */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = [...pValues];
  let highest = 0;
  for (const [rank, [index, p]] of ascending(pValues).entries()) {
    highest = Math.max(highest, Math.min(1, (pValues.length - rank) * p));
    adjusted[index] = highest;
  }
  return adjusted;
}

/**
 * Benjamini and Hochberg's step-up correction (1995): the k-th smallest of m p-values times m / k, never above the ones
 * after it. At or below alpha, the expected share of false findings is at most alpha for independent tests.
 * @internal
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const adjusted = [...pValues];
  let lowest = 1;
  for (const [rank, [index, p]] of [...ascending(pValues).entries()].reverse()) {
    lowest = Math.min(lowest, (pValues.length / (rank + 1)) * p);
    adjusted[index] = lowest;
  }
  return adjusted;
}

function ascending(pValues: readonly number[]): [number, number][] {
  const wrong = pValues.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) throw new UserError(`${wrong} is not a p-value`);
  return [...pValues.entries()].sort(([, a], [, b]) => a - b);
}
