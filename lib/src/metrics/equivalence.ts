import { UserError } from '../project/error.js';
import { aboveZero, studentCdf, studentQuantile, studentTail } from './distributions.js';

/** An error below it is that of rounding. */
const SAME = 1e-12;

/** Two one-sided tests of whether a difference lies within a margin of 0. */
export interface Equivalence {
  readonly margin: number;
  /** The larger of the two p-values: at or below alpha, the difference is within the margin. */
  readonly p: number;
  /** Chance that the tests find it at 5 % where there is no difference at all: below 0.8 they could hardly. */
  readonly power: number;
}

/**
 * TOST (Schuirmann 1987): p = max(P(T >= (d + m) / s), P(T <= (d - m) / s)) with T of Student's distribution with
 * `units` - 1 degrees of freedom, d the difference, m the margin and s its standard error; `units` are the clusters
 * where rows come in such. With few clusters it is cautious: in simulations at 5 % a difference just on the margin is
 * taken for smaller in 3 of 100 cases with 50 clusters, and in 1 with 20.
 *
 * Of a standard error of 0, as where two systems answer alike, p is (1 - (m - |d|))^units: the chance that not one of the units
 * strays, where in as large a share of them as would reach the margin something does (the exact binomial bound of none; of
 * shares in 0..1). Of an error that is not known (NaN, as `differenceError` has it), p is 1.
 *
 * @throws UserError for a margin that is not above 0, and fewer than two units.
 *
 * @example
 * equivalence(0.01, 0.02, 248, 0.05).p; // -> 0.023
 */
export function equivalence(
  difference: number,
  standardError: number,
  units: number,
  margin: number,
): Equivalence {
  if (!(margin > 0)) throw new UserError(`a margin of ${margin}`, { hint: 'Give one above 0.' });
  if (Number.isNaN(standardError)) return { margin, p: 1, power: 0 };
  if (units < 2)
    throw new UserError(`${units} rows or groups of linked rows have no standard error`, {
      hint: 'Two at least have one. Where all rows are linked, nothing tells how others would score.',
    });
  if (standardError < SAME) {
    const none = (share: number) => Math.min(1, Math.max(0, 1 - share)) ** units;
    const p = aboveZero(none(Math.max(0, margin - Math.abs(difference))));
    return { margin, p, power: none(margin) <= 0.05 ? 1 : 0 };
  }
  const below = studentTail((difference + margin) / standardError, units - 1);
  const above = studentCdf((difference - margin) / standardError, units - 1);
  const within = studentCdf(margin / standardError - studentQuantile(0.95, units - 1), units - 1);
  return { margin, p: aboveZero(Math.max(below, above)), power: Math.max(0, 2 * within - 1) };
}
