import { UserError } from '../project/error.js';
import { LABELS, type Label } from '../tasks/example.js';

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

/** How often each of the nine `outcomes` occurs. */
export function tally(codes: Uint8Array): Confusion {
  const counts = new Int32Array(9);
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return asConfusion(counts);
}

/** Counts of the nine outcomes, in their order, by label. */
export function asConfusion(counts: Int32Array): Confusion {
  const [ss = 0, sc = 0, sn = 0, cs = 0, cc = 0, cn = 0, ns = 0, nc = 0, nn = 0] = counts;
  return {
    SUPPORT: { SUPPORT: ss, CONTRADICT: sc, NEI: sn },
    CONTRADICT: { SUPPORT: cs, CONTRADICT: cc, NEI: cn },
    NEI: { SUPPORT: ns, CONTRADICT: nc, NEI: nn },
  };
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
