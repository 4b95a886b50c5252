import { type Grouping, linkedByText } from '../datasets/group.js';
import { split } from '../datasets/split.js';
import { UserError } from '../project/error.js';
import type { Gold, Row } from '../tasks/row.js';

export interface DivisionOptions {
  /** The texts that are audited. */
  readonly fields: readonly string[];
  /**
   * What may not be on both sides: a text or key, such as `claim`, by its id or its text in normal form; `all` of them; or
   * no more than the same texts throughout (`row`). Default: the first field.
   */
  readonly group?: Grouping;
  /** Share of the rows for the test, in 0..1. Default 0.2. */
  readonly testShare?: number;
  /** Of rows with sets of labels: the one whose share is kept. */
  readonly target?: string;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * Divides rows into some to learn from and some to try on, about `testShare` of each label (of numbers, of all). What an
 * audit takes for the same text is never on both sides of what rows are divided by.
 *
 * @throws UserError for a group that rows do not have, or where no row would be on one side.
 *
 * @example
 * const rows = Array.from({ length: 10 }, (_, row) => {
 *   return { id: `${row}`, gold: 'yes', keys: {}, texts: { claim: `claim ${row % 5}`, evidence: `text ${row}` } };
 * });
 * const { train, test } = divide(rows, { fields: ['claim', 'evidence'] });
 * [train.length, test.length]; // -> [8, 2]
 */
export function divide<Audited extends Row>(
  rows: readonly Audited[],
  { fields, group = fields[0] ?? 'row', testShare = 0.2, target, seed = 0 }: DivisionOptions,
): { readonly train: readonly Audited[]; readonly test: readonly Audited[] } {
  const linked = linkedByText(rows, fields);
  const known = ['row', 'all', ...new Set(linked.flatMap(({ keys }) => Object.keys(keys)))];
  if (!known.includes(group)) {
    throw new UserError(`rows cannot be divided by "${group}"`, { hint: `Known: ${known.join(', ')}.` });
  }
  const { train, held } = split(
    rows.flatMap((row, index) => {
      const links = linked[index];
      return links ? [{ row, ...links, gold: row.gold }] : [];
    }),
    { heldShare: testShare, group, seed, stratify: { strata: [], stratum: (gold) => classOf(gold, target) } },
  );
  return { train: train.map(({ row }) => row), test: held.map(({ row }) => row) };
}

/** The class of a gold answer whose share is kept. */
function classOf(gold: Gold, target: string | undefined): string {
  if (typeof gold === 'string') return gold;
  return Array.isArray(gold) && gold.some((each) => each === target) ? (target ?? '') : '';
}
