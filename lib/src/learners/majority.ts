import { UserError } from '../project/error.js';
import { countsOf } from './targets.js';

/** The commonest class, of equals the first: what is said who reads nothing. @throws UserError for no rows. */
export function majority(targets: ArrayLike<number>, classes: number): number {
  if (targets.length === 0) throw new UserError('no rows to learn from');
  return commonest(countsOf(targets, classes));
}

/**
 * Learns by heart: of each text the commonest class that it had, of equals the first; of one that was not met the
 * commonest class of all. What is remembered, with nothing understood.
 *
 * @throws UserError for no rows.
 */
export function fitLookup(
  texts: readonly string[],
  targets: ArrayLike<number>,
  classes: number,
): (text: string) => number {
  const fallback = majority(targets, classes);
  const counts = new Map<string, Int32Array>();
  for (const [row, text] of texts.entries()) {
    const known = counts.get(text) ?? new Int32Array(classes);
    const target = targets[row] ?? 0;
    known[target] = (known[target] ?? 0) + 1;
    counts.set(text, known);
  }
  return (text) => {
    const known = counts.get(text);
    return known ? commonest(known) : fallback;
  };
}

/** The place of the highest of some counts, of equals the first; -1 of none. */
export const commonest = (counts: readonly number[] | Int32Array | Float64Array): number =>
  counts.indexOf(Math.max(...counts));
