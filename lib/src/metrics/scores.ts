import { LABELS, type Label } from '../datasets/example.js';
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
