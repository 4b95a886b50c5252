import { type BootstrapOptions, bootstrapCounts, type Interval } from '../metrics/bootstrap.js';

/** A number with its bootstrap interval. */
export interface Estimate {
  readonly number: number;
  readonly interval: Interval;
}

/** Scores of predictions of any set of labels; shares in 0..1. */
export interface PairScores {
  readonly n: number;
  readonly accuracy: Estimate;
  /** Mean F1 of all labels; one with neither prediction nor gold counts as 0, as scikit-learn's zero_division=0. */
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
  const outcomes = Uint32Array.from(gold, (target, row) => target * classes + (predicted[row] ?? 0));
  const counts = new Int32Array(classes * classes);
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  const numbers = scoresOfCounts(counts, classes);
  const intervals = bootstrapCounts(
    outcomes,
    classes * classes,
    (drawn) => scoresOfCounts(drawn, classes),
    options,
  );
  const [accuracy, macroF1, ...f1] = numbers.flatMap((number, index) => {
    const interval = intervals[index];
    return interval ? [{ number, interval }] : [];
  });
  if (!accuracy || !macroF1) throw new Error('a score has no interval');
  return { n: gold.length, accuracy, macroF1, f1 };
}

/** Accuracy, macro-F1 and the F1 of each label, of how often each outcome (gold * classes + predicted) occurs. */
export function scoresOfCounts(counts: ArrayLike<number>, classes: number): number[] {
  const scores = [0, 0];
  let n = 0;
  let right = 0;
  let sum = 0;
  for (let label = 0; label < classes; label++) {
    let either = 0;
    for (let other = 0; other < classes; other++) {
      const gold = counts[label * classes + other] ?? 0;
      n += gold;
      either += gold + (counts[other * classes + label] ?? 0);
    }
    const hits = counts[label * classes + label] ?? 0;
    right += hits;
    const f1 = either === 0 ? 0 : (2 * hits) / either;
    sum += f1;
    scores.push(f1);
  }
  scores[0] = n === 0 ? 0 : right / n;
  scores[1] = sum / classes;
  return scores;
}
