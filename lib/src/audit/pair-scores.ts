import { type Estimate, estimates } from '../metrics/estimates.js';
import { labelMeasures } from '../metrics/measures/labels.js';
import { findMeasure } from '../metrics/measures/measures.js';
import type { BootstrapOptions } from '../metrics/resampling/bootstrap.js';

/** Scores of predictions of any set of labels; shares in 0..1. */
export interface PairScores {
  readonly n: number;
  readonly accuracy: Estimate;
  readonly macroF1: Estimate;
  /** F1 of each label. */
  readonly f1: readonly Estimate[];
}

/**
 * Scores predictions, given like the gold labels as indices 0..classes-1, row by row. Intervals are percentile
 * bootstraps over rows or `clusters`.
 */
export function pairScores(
  gold: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  options: BootstrapOptions = {},
): PairScores {
  const labels = indexNames(classes);
  const { n, of } = estimates(labelMeasures(labels), named(gold), [named(predicted)], options);
  return {
    n,
    accuracy: of('accuracy'),
    macroF1: of('macro-f1'),
    f1: labels.map((label) => of(`f1-${label}`)),
  };
}

/** Accuracy and macro-F1 of labels 0..classes-1. */
export const accuracyAndMacroF1 = (classes: number) =>
  ['accuracy', 'macro-f1'].map((id) => findMeasure(id, { shape: 'one-of', labels: indexNames(classes) }));

/** Indices of labels as names. */
export const named = (indices: ArrayLike<number>): readonly string[] => Array.from(indices, String);

const indexNames = (classes: number) => Array.from({ length: classes }, (_, index) => String(index));
