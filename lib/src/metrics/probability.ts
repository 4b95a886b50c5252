import { UserError } from '../project/error.js';

/** A row with what a model thinks of it. */
export interface ScoredRow {
  readonly id: string;
  /** Its right label. */
  readonly gold: string;
  /** Natural logarithms of probabilities that sum to 1, of the task's labels in their order. */
  readonly logprobs: readonly number[];
}

/**
 * Mean squared distance of the probabilities from 1 for the right label and 0 for the others, summed over labels
 * (Brier 1950): 0 is best, 2 is worst.
 *
 * @example
 * const rows = [{ id: 'a', gold: 'yes', logprobs: [Math.log(0.8), Math.log(0.2)] }];
 * brierScore(rows, ['yes', 'no']); // -> 0.08
 */
export function brierScore(rows: readonly ScoredRow[], labels: readonly string[]): number {
  return meanOver(rows, ({ gold, logprobs }) =>
    labels.reduce((sum, label, index) => {
      const wanted = label === gold ? 1 : 0;
      return sum + (Math.exp(logprobs[index] ?? Number.NaN) - wanted) ** 2;
    }, 0),
  );
}

/**
 * Mean of -ln p(right label), in nats; infinite where a right label was given no probability.
 *
 * @example
 * const rows = [{ id: 'a', gold: 'yes', logprobs: [Math.log(0.8), Math.log(0.2)] }];
 * logLoss(rows, ['yes', 'no']); // -> 0.223
 */
export function logLoss(rows: readonly ScoredRow[], labels: readonly string[]): number {
  return meanOver(rows, (row) => -logprobOf(row, labels));
}

/** The log-probability of a row's right label. */
export const logprobOf = ({ gold, logprobs }: ScoredRow, labels: readonly string[]): number =>
  logprobs[labels.indexOf(gold)] ?? Number.NaN;

/** Natural logarithm of the sum of exponentials. */
export function logSum(numbers: readonly number[]): number {
  const highest = Math.max(...numbers);
  return highest + Math.log(numbers.reduce((sum, each) => sum + Math.exp(each - highest), 0));
}

/** The mean over rows. @throws UserError for no rows, and for a number that is NaN. */
export function meanOver<Row>(rows: readonly Row[], numberOf: (row: Row) => number): number {
  if (rows.length === 0) throw new UserError('no rows to score');
  const mean = rows.reduce((sum, row) => sum + numberOf(row), 0) / rows.length;
  if (Number.isNaN(mean)) throw new UserError('a log-probability is not a number');
  return mean;
}
