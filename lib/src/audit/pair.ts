import type { PairRow } from '../datasets/pairs.js';
import { UserError } from '../project/error.js';
import { labelled, type Row, textOf } from '../tasks/row.js';

export type { PairRow };

/** A dataset to audit: rows that a model would learn from, and rows it would be tried on. */
export interface PairData {
  /** All labels, in the order of every table; a label may be missing from either part. */
  readonly labels: readonly string[];
  readonly train: readonly PairRow[];
  readonly test: readonly PairRow[];
}

/** Rows of claims and evidence as pairs. */
export const pairRows = (rows: readonly Row[]): readonly PairRow[] =>
  labelled(rows).map((row) => ({
    id: row.id,
    label: row.gold,
    claim: textOf(row, 'claim'),
    evidence: textOf(row, 'evidence'),
    claimId: row.keys['claim']?.[0] ?? '',
    documentIds: row.keys['evidence'] ?? [],
  }));

/** The parts of a row that a model may be given. */
export type Part = 'claim' | 'evidence';
export const PARTS: readonly Part[] = ['claim', 'evidence'];

/**
 * A dataset of rows. Labels are put in code-unit order unless given.
 *
 * @throws UserError where a part has no rows, an id occurs twice in a part, a label is not among those given, or there
 *   are fewer than two.
 */
export function pairData(
  train: readonly PairRow[],
  test: readonly PairRow[],
  { labels }: { readonly labels?: readonly string[] } = {},
): PairData {
  const known = new Set(labels);
  const found = new Set<string>();
  for (const [part, rows] of [
    ['train', train],
    ['test', test],
  ] as const) {
    if (rows.length === 0) throw new UserError(`there are no rows in the ${part} part`);
    const ids = new Set<string>();
    for (const { id, label } of rows) {
      if (ids.has(id)) {
        throw new UserError(`the id ${id} occurs twice in the ${part} part`, {
          hint: 'Give every row an id of its own.',
        });
      }
      ids.add(id);
      if (labels && !known.has(label)) {
        throw new UserError(`the label of row ${id} of the ${part} part is ${JSON.stringify(label)}`, {
          hint: `The labels are ${labels.join(', ')}.`,
        });
      }
      found.add(label);
    }
  }
  const all = labels ?? [...found].sort();
  if (all.length < 2) throw new UserError(`every row is labelled ${all[0]}: there is nothing to tell apart`);
  return { labels: all, train, test };
}

/** The label of each row as its index in `labels`. */
export function targetsOf(
  rows: readonly { readonly label: string }[],
  labels: readonly string[],
): Int32Array {
  const index = new Map(labels.map((label, at) => [label, at]));
  return Int32Array.from(rows, ({ label }) => {
    const at = index.get(label);
    if (at === undefined)
      throw new UserError(`the label ${JSON.stringify(label)} is none of ${labels.join(', ')}`);
    return at;
  });
}

/** How often each of 0..classes-1 occurs. */
export function countsOf(targets: ArrayLike<number>, classes: number): Int32Array {
  const counts = new Int32Array(classes);
  for (let row = 0; row < targets.length; row++) {
    const target = targets[row] ?? 0;
    counts[target] = (counts[target] ?? 0) + 1;
  }
  return counts;
}
