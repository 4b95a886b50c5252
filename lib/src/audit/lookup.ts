import { normalForm } from '../datasets/normal-form.js';
import { countsOf, type PairRow, type Part, targetsOf } from './pair.js';

/** The commonest label of `train` for every row of `test`; of equals the first. */
export function majority(
  train: readonly PairRow[],
  test: readonly PairRow[],
  labels: readonly string[],
): Int32Array {
  return new Int32Array(test.length).fill(commonest(countsOf(targetsOf(train, labels), labels.length)));
}

/**
 * For each row of `test` the commonest label that rows of `train` with the same text (in normal form) have, of equals
 * the first; the commonest of all where no row has it. What is remembered, with nothing understood.
 */
export function lookup(
  part: Part,
  train: readonly PairRow[],
  test: readonly PairRow[],
  labels: readonly string[],
): Int32Array {
  const targets = targetsOf(train, labels);
  const fallback = commonest(countsOf(targets, labels.length));
  const counts = new Map<string, Int32Array>();
  for (const [index, row] of train.entries()) {
    const text = normalForm(row[part]);
    const known = counts.get(text) ?? new Int32Array(labels.length);
    const target = targets[index] ?? 0;
    known[target] = (known[target] ?? 0) + 1;
    counts.set(text, known);
  }
  return Int32Array.from(test, (row) => {
    const known = counts.get(normalForm(row[part]));
    return known ? commonest(known) : fallback;
  });
}

/** Whether each row's text, in normal form, occurs in `train`; an empty one is no one's. */
export function seenIn(part: Part, train: readonly PairRow[], rows: readonly PairRow[]): readonly boolean[] {
  const known = new Set(train.map((row) => normalForm(row[part])));
  known.delete('');
  return rows.map((row) => known.has(normalForm(row[part])));
}

function commonest(counts: Int32Array): number {
  return counts.indexOf(Math.max(...counts));
}
