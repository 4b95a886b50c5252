import type { FactsRow } from '../datasets/facts.js';

/** How far the label of a text can be known from another row that has the same text. */
export interface Agreement {
  /** Pairs of rows with the same text; an empty one is no one's. */
  readonly pairs: number;
  /** Share of these pairs whose labels are equal, 0..1; 0 where there is no pair. */
  readonly share: number;
  /** The same of labels dealt out at random: the sum of their squared shares of all rows. */
  readonly chance: number;
}

/**
 * Counts how often two rows of one text of a field have one label: how far a label can be known from other rows.
 *
 * @example
 * const { rows } = await buildFacts('healthver/rows/test');
 * const { pairs, share, chance } = textAgreement(rows, 'claim');
 * [pairs, share, chance]; // -> [9014, 0.705, 0.349]
 */
export function textAgreement(rows: readonly FactsRow[], field: string): Agreement {
  const textOf = ({ hashes }: FactsRow) => hashes[field] ?? '';
  const labelOf = ({ gold }: FactsRow) => String(gold);
  const read = rows.filter((row) => textOf(row) !== '');
  const pairs = pairsAmong(read.map(textOf));
  const equal = pairsAmong(read.map((row) => `${textOf(row)} ${labelOf(row)}`));
  const shares = occurrences(rows.map(labelOf)).map((count) => count / rows.length);
  return {
    pairs,
    share: pairs === 0 ? 0 : equal / pairs,
    chance: shares.reduce((sum, share) => sum + share ** 2, 0),
  };
}

/** Pairs of equal values. */
const pairsAmong = (values: readonly string[]) =>
  occurrences(values).reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);

/** How often each value occurs. */
function occurrences(values: readonly string[]): readonly number[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()];
}
