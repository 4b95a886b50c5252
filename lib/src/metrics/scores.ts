import { LABELS, type Label } from '../tasks/example.js';
import { type Confusion, confusion } from './confusion.js';

/** How well one label is found. Shares lie in 0..1; a share of nothing counts as 0. */
export interface LabelScores {
  /** Share of the rows predicted so that are so. */
  readonly precision: number;
  /** Share of the rows that are so that were predicted so. */
  readonly recall: number;
  /** Harmonic mean of precision and recall. */
  readonly f1: number;
  /** Rows with this gold label. */
  readonly gold: number;
  /** Rows predicted as this label. */
  readonly predicted: number;
}

/** Scores of a set of predictions; shares in 0..1. */
export interface Scores {
  readonly n: number;
  readonly accuracy: number;
  readonly macroF1: number;
  readonly balancedAccuracy: number;
  readonly labels: Readonly<Record<Label, LabelScores>>;
  readonly confusion: Confusion;
}

/** A number computed from a confusion matrix, such as `accuracy` or `macroF1`. */
export type Statistic = (counts: Confusion) => number;

/**
 * Scores predictions against gold labels, row by row.
 * Throws UserError where the two differ in length, are empty, or hold something that is not a label.
 */
export function scores(gold: readonly Label[], predicted: readonly Label[]): Scores {
  const counts = confusion(gold, predicted);
  return {
    n: gold.length,
    accuracy: accuracy(counts),
    macroF1: macroF1(counts),
    balancedAccuracy: balancedAccuracy(counts),
    labels: {
      SUPPORT: labelScores(counts, 'SUPPORT'),
      CONTRADICT: labelScores(counts, 'CONTRADICT'),
      NEI: labelScores(counts, 'NEI'),
    },
    confusion: counts,
  };
}

/** Share of rows predicted right. */
export function accuracy(counts: Confusion): number {
  const right = counts.SUPPORT.SUPPORT + counts.CONTRADICT.CONTRADICT + counts.NEI.NEI;
  return share(
    right,
    goldCount(counts, 'SUPPORT') + goldCount(counts, 'CONTRADICT') + goldCount(counts, 'NEI'),
  );
}

/** Mean F1 of the three labels; one without prediction and gold counts as 0, as scikit-learn's zero_division=0. */
export function macroF1(counts: Confusion): number {
  return (f1(counts, 'SUPPORT') + f1(counts, 'CONTRADICT') + f1(counts, 'NEI')) / LABELS.length;
}

/** Mean precision of the three labels; of one that is never predicted it counts as 0. */
export function macroPrecision(counts: Confusion): number {
  return sum(LABELS.map((label) => labelScores(counts, label).precision)) / LABELS.length;
}

/** Mean recall of the three labels; of one without gold it counts as 0, unlike in `balancedAccuracy`. */
export function macroRecall(counts: Confusion): number {
  return sum(LABELS.map((label) => labelScores(counts, label).recall)) / LABELS.length;
}

/**
 * F1 of the hits of all labels pooled. Since every row has one label and one prediction, precision, recall and F1 so
 * pooled are the same number, and equal accuracy.
 */
export const microF1: Statistic = accuracy;

/**
 * Matthews' correlation for several labels (Gorodkin 2004, eq. 8), -1..1:
 * (c n - sum p_k g_k) / sqrt((n^2 - sum p_k^2) (n^2 - sum g_k^2)), with c rows right of n, and p_k predicted as and g_k
 * of label k. 0 where gold or predictions know one label alone, as in scikit-learn.
 */
export function matthews(counts: Confusion): number {
  const { n, right, products, golds, predictions } = marginals(counts);
  const scale = Math.sqrt((n * n - predictions) * (n * n - golds));
  return share(right * n - products, scale);
}

/**
 * Cohen's kappa (1960), -1..1: agreement beyond the one that these gold and predicted shares have by chance, of what
 * there could be. 0 where chance alone agrees on all, where it is not defined.
 */
export function cohensKappa(counts: Confusion): number {
  const { n, right, products } = marginals(counts);
  return share(right * n - products, n * n - products);
}

/** Rows in all and right, and over labels the sums of predicted * gold, of gold squared and of predicted squared. */
function marginals(counts: Confusion) {
  const golds = LABELS.map((label) => goldCount(counts, label));
  const predictions = LABELS.map((label) => predictedCount(counts, label));
  return {
    n: sum(golds),
    right: sum(LABELS.map((label) => counts[label][label])),
    products: sum(golds.map((gold, index) => gold * (predictions[index] ?? 0))),
    golds: sum(golds.map((gold) => gold ** 2)),
    predictions: sum(predictions.map((predicted) => predicted ** 2)),
  };
}

/** Mean recall of the labels that occur in gold. */
export function balancedAccuracy(counts: Confusion): number {
  const present = LABELS.filter((label) => goldCount(counts, label) > 0);
  return share(
    sum(present.map((label) => share(counts[label][label], goldCount(counts, label)))),
    present.length,
  );
}

/** F1 of one label: 2 * hits / (gold + predicted), 0 where there is neither. */
export function f1(counts: Confusion, label: Label): number {
  return share(2 * counts[label][label], goldCount(counts, label) + predictedCount(counts, label));
}

function labelScores(counts: Confusion, label: Label): LabelScores {
  const gold = goldCount(counts, label);
  const predicted = predictedCount(counts, label);
  const hits = counts[label][label];
  return {
    precision: share(hits, predicted),
    recall: share(hits, gold),
    f1: f1(counts, label),
    gold,
    predicted,
  };
}

function goldCount(counts: Confusion, label: Label): number {
  const { SUPPORT, CONTRADICT, NEI } = counts[label];
  return SUPPORT + CONTRADICT + NEI;
}

function predictedCount(counts: Confusion, label: Label): number {
  return counts.SUPPORT[label] + counts.CONTRADICT[label] + counts.NEI[label];
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
