import type { Judged } from './comparison.js';

/** A system's score in a column of a table; the name is the one its comparisons use. */
export interface Scored {
  readonly name: string;
  readonly score: number;
}

/**
 * The system of a column that may stand in bold: the one with the highest score, if a published comparison with the
 * one next to it finds it better after correction. Undefined where the two are level, were not compared on `on` by
 * this measure, or the test does not bear the difference out.
 *
 * @example
 * const column = [{ name: 'A', score: 0.8 }, { name: 'B', score: 0.7 }];
 * testedBest(column, [], { on: 'SciFact dev', measure: 'macro-f1' }); // -> undefined
 */
export function testedBest(
  column: readonly Scored[],
  compared: readonly Judged[],
  { on, measure }: { readonly on: string; readonly measure: string },
): string | undefined {
  const [best, next] = column.toSorted((a, b) => b.score - a.score);
  if (!best || !next || best.score === next.score) return undefined;
  const borneOut = compared
    .filter((each) => each.on === on && each.measure.id === measure)
    .some(
      ({ a, b, supports }) =>
        (a.name === best.name && b.name === next.name && supports('outperforms')) ||
        (a.name === next.name && b.name === best.name && supports('is outperformed by')),
    );
  return borneOut ? best.name : undefined;
}

/**
 * What a table's note says of bold, whether or not anything is.
 *
 * @param found what `testedBest` found in each column.
 *
 * @example
 * bestNote([undefined]).startsWith('Nothing is in bold'); // -> true
 */
export const bestNote = (found: readonly (string | undefined)[]): string =>
  found.some((name) => name !== undefined)
    ? 'Bold: the best score on a test set, where a comparison published here finds it better than the next best, corrected for all of them. Columns without bold were not tested.'
    : 'Nothing is in bold: no comparison published here finds a best score better than the next best, corrected for all of them.';
