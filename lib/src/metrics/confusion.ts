import { LABELS, type Label } from '../datasets/example.js';
import { UserError } from '../project/error.js';

/** How often each gold label was predicted as each label: `confusion[gold][predicted]`, in rows. */
export type Confusion = Readonly<Record<Label, Readonly<Record<Label, number>>>>;

/**
 * Counts gold labels against predicted ones.
 * Throws UserError where the two differ in length, are empty, or hold something that is not a label.
 */
export function confusion(gold: readonly Label[], predicted: readonly Label[]): Confusion {
  return tally(outcomes(gold, predicted));
}

/** Each row's gold and predicted label as one number, 3 * gold + predicted, labels in the order of LABELS. */
export function outcomes(gold: readonly Label[], predicted: readonly Label[]): Uint8Array {
  if (gold.length !== predicted.length) {
    throw new UserError(`${gold.length} gold labels but ${predicted.length} predictions`, {
      hint: 'Give one prediction a row, in the order of the gold labels.',
    });
  }
  if (gold.length === 0) throw new UserError('no rows to score');
  const predictions = predicted.map((label, row) => labelIndex(label, 'prediction', row));
  return Uint8Array.from(
    gold,
    (label, row) => 3 * labelIndex(label, 'gold label', row) + (predictions[row] ?? 0),
  );
}

/** The confusion of rows given as `outcomes`; `rows` picks some of them, repeats allowed. */
export function tally(codes: Uint8Array, rows?: Int32Array): Confusion {
  return asConfusion(countOutcomes(codes, rows));
}

/** How often each of the nine outcomes occurs: the confusion as flat numbers, which sum up fast. */
export function countOutcomes(codes: Uint8Array, rows?: Int32Array): Float64Array {
  const counts = new Float64Array(9);
  const add = (code: number | undefined) => {
    if (code !== undefined) counts[code] = (counts[code] ?? 0) + 1;
  };
  if (rows) for (const row of rows) add(codes[row]);
  else for (const code of codes) add(code);
  return counts;
}

/** Counts of `countOutcomes`, by label. */
export function asConfusion(counts: Float64Array): Confusion {
  const of = (gold: number) => {
    const [SUPPORT = 0, CONTRADICT = 0, NEI = 0] = counts.subarray(3 * gold, 3 * gold + 3);
    return { SUPPORT, CONTRADICT, NEI };
  };
  return { SUPPORT: of(0), CONTRADICT: of(1), NEI: of(2) };
}

function labelIndex(label: Label, what: string, row: number): number {
  const index = LABELS.indexOf(label);
  if (index === -1) {
    throw new UserError(`${what} of row ${row + 1} is ${JSON.stringify(label)}`, {
      hint: `The labels are ${LABELS.join(', ')}.`,
    });
  }
  return index;
}
