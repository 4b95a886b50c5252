import { proportionalCounts } from '../datasets/split.js';
import { scores } from '../metrics/measure.js';
import { UserError } from '../project/error.js';
import { randomStream } from '../project/random.js';
import type { Input } from './bag.js';
import { fitBagModel, mostProbable } from './bag-model.js';
import { countsOf, type PairRow, targetsOf } from './pair.js';
import { accuracyAndMacroF1, named } from './pair-scores.js';

/** What is learnt from one dataset, at a size, is worth on another. */
export interface Transfer {
  /** Rows learnt from. */
  readonly size: number;
  /** Macro-F1 and accuracy on the other dataset, for each drawn set of training rows. */
  readonly draws: readonly { readonly macroF1: number; readonly accuracy: number }[];
  readonly macroF1: number;
  readonly accuracy: number;
}

/**
 * Fits the bag classifier on `size` rows of `train`, drawn with its labels in proportion, and tries it on the rows of
 * another dataset; the mean over `draws` drawn sets. Datasets of different size then differ in what they teach and not in
 * how much of it there is.
 *
 * @throws UserError where `train` has fewer than `size` rows.
 */
export function matchedTransfer(
  input: Input,
  train: readonly PairRow[],
  test: readonly PairRow[],
  {
    labels,
    size,
    draws = 5,
    seed = 0,
  }: {
    readonly labels: readonly string[];
    readonly size: number;
    readonly draws?: number;
    readonly seed?: number;
  },
): Transfer {
  if (size > train.length) throw new UserError(`${train.length} rows to learn from, fewer than ${size}`);
  const gold = targetsOf(test, labels);
  const scored = Array.from({ length: draws }, (_, draw) => {
    const some = stratified(train, labels, size, seed + draw);
    const predicted = mostProbable(fitBagModel(input, some, labels).logprobs(test), labels.length);
    const [accuracy = 0, macroF1 = 0] = scores(
      accuracyAndMacroF1(labels.length),
      named(gold),
      named(predicted),
    );
    return { macroF1, accuracy };
  });
  const mean = (of: 'macroF1' | 'accuracy') => scored.reduce((sum, each) => sum + each[of], 0) / draws;
  return { size, draws: scored, macroF1: mean('macroF1'), accuracy: mean('accuracy') };
}

/** `size` rows drawn without replacement, labels in proportion, in the order of `rows`. */
export function stratified(
  rows: readonly PairRow[],
  labels: readonly string[],
  size: number,
  seed: number,
): readonly PairRow[] {
  const targets = targetsOf(rows, labels);
  const wanted = proportionalCounts([...countsOf(targets, labels.length)], size);
  const random = randomStream('matched size', seed);
  const drawn = new Set<number>();
  const left = [...wanted];
  for (const row of random.shuffle([...rows.keys()])) {
    const target = targets[row] ?? 0;
    if ((left[target] ?? 0) === 0) continue;
    left[target] = (left[target] ?? 0) - 1;
    drawn.add(row);
  }
  return rows.filter((_row, index) => drawn.has(index));
}
