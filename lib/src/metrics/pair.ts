import type { Label } from '../datasets/example.js';
import { asConfusion, type Confusion, outcomes } from './confusion.js';

/** What two systems make of the same rows. */
export interface Pair {
  readonly ours: Confusion;
  readonly theirs: Confusion;
}

/** Each row's gold label and two predictions as one number: 9 * gold + 3 * ours + theirs, labels as in LABELS. */
export function pairOutcomes(
  gold: readonly Label[],
  ours: readonly Label[],
  theirs: readonly Label[],
): Uint8Array {
  const other = outcomes(gold, theirs);
  return outcomes(gold, ours).map((code, row) => 3 * code + ((other[row] ?? 0) % 3));
}

/** The two confusions of the counts of the 27 `pairOutcomes`. */
export function pairOf(counts: Int32Array): Pair {
  const ours = new Int32Array(9);
  const theirs = new Int32Array(9);
  for (let outcome = 0; outcome < 27; outcome++) {
    const count = counts[outcome] ?? 0;
    const gold = Math.floor(outcome / 9);
    const mine = Math.floor(outcome / 3);
    const other = 3 * gold + (outcome % 3);
    ours[mine] = (ours[mine] ?? 0) + count;
    theirs[other] = (theirs[other] ?? 0) + count;
  }
  return { ours: asConfusion(ours), theirs: asConfusion(theirs) };
}
