import { estimates, type Estimate as Scored } from '../../metrics/estimates.js';
import { labelMeasures } from '../../metrics/measures/labels.js';
import { type BootstrapOptions, intervals } from '../../metrics/resampling/bootstrap.js';
import { vectorsOf } from '../../metrics/resampling/vectors.js';
import type { Estimate } from '../result.js';

export type { Scored };

/** Scores of predicted labels; shares in 0..1. */
export interface LabelScores {
  readonly n: number;
  readonly accuracy: Scored;
  readonly macroF1: Scored;
  /** F1 of each label. */
  readonly f1: readonly Scored[];
}

/**
 * Scores predictions, given like the gold labels as indices 0..classes-1, row by row. Intervals are percentile
 * bootstraps over rows or `clusters`.
 */
export function labelScores(
  gold: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  options: BootstrapOptions = {},
): LabelScores {
  const labels = indexNames(classes);
  const { n, of } = estimates(labelMeasures(labels), named(gold), [named(predicted)], options);
  const f1 = labels.map((label) => of(`f1-${label}`));
  return { n, accuracy: of('accuracy'), macroF1: of('macro-f1'), f1 };
}

/** Accuracy and macro-F1 of labels 0..classes-1. */
export const accuracyAndMacroF1 = (classes: number) =>
  labelMeasures(indexNames(classes)).filter(({ id }) => id === 'accuracy' || id === 'macro-f1');

/** Indices of labels as names. */
export const named = (indices: ArrayLike<number>): readonly string[] => Array.from(indices, String);

const indexNames = (classes: number) => Array.from({ length: classes }, (_, index) => String(index));

/** Accuracy of one less that of another on the same rows, targets and predictions as indices of labels. */
export function accuracyGain(
  gold: Int32Array,
  ours: Int32Array,
  theirs: Int32Array,
  options: BootstrapOptions,
): Scored {
  const right = (predicted: Int32Array, row: number) => Number(predicted[row] === gold[row]);
  const vectors = vectorsOf(gold.length, 2, (row, add) => {
    add(0);
    add(1, right(ours, row) - right(theirs, row));
  });
  const [found] = intervals({ vectors, of: ([rows = 0, gain = 0]) => [gain / rows] }, options);
  return { number: accuracy(gold, ours) - accuracy(gold, theirs), ...found };
}

/** Share of rows whose prediction is the target. */
export function accuracy(gold: ArrayLike<number>, predicted: ArrayLike<number>): number {
  let right = 0;
  for (let row = 0; row < gold.length; row++) if (gold[row] === predicted[row]) right += 1;
  return gold.length === 0 ? 0 : right / gold.length;
}

/** A number and its interval, as a result has them; without width where there is none, as of rows that are all linked. */
export function estimateOf({ number, interval }: Scored): Estimate {
  const { low, high } = interval ?? { low: number, high: number };
  return { value: rounded(number), low: rounded(low), high: rounded(high) };
}

/** Six decimals: more would say more of the machine than of the data. */
export const rounded = (number: number) => Number(number.toFixed(6));
