import { UserError } from '../project/error.js';
import { logprobOf, logSum, meanOver, type ScoredRow } from './probability.js';

/** A temperature, and the rows it must not be used on. */
export interface TemperatureScaling {
  /** Log-probabilities are divided by it: above 1 it makes a model less confident, below 1 more. */
  readonly temperature: number;
  /** The same rows with scaled log-probabilities. Throws UserError for a row the temperature was fitted on. */
  apply<Row extends ScoredRow>(rows: readonly Row[]): Row[];
}

/** Temperatures are sought in 1/100..100: where all rows are predicted right there is no least, and colder is better. */
const COLDEST = 0.01;

/**
 * Temperature scaling (Guo et al. 2017, section 4.2), fitted by log loss on validation rows alone: no prediction
 * changes, and a row that was fitted on is refused afterwards, so that no test row can have been seen.
 * Log loss is convex in 1 / temperature; its slope is bisected to the last bit.
 *
 * @throws UserError for no rows.
 *
 * @example
 * const logprobs = [Math.log(0.9), Math.log(0.1)];
 * const rows = ['yes', 'yes', 'no', 'yes'].map((gold, id) => ({ id: `${id}`, gold, logprobs }));
 * const { temperature, apply } = fitTemperature(rows, ['yes', 'no']);
 * temperature; // -> 2
 * apply([{ id: 'test', gold: 'no', logprobs }])[0].logprobs.map(Math.exp); // -> [0.75, 0.25]
 */
export function fitTemperature(
  validation: readonly ScoredRow[],
  labels: readonly string[],
): TemperatureScaling {
  // d/db of the mean of logSum(b z) - b z_gold, with b = 1 / temperature.
  const slope = (inverse: number) =>
    meanOver(validation, (row) => {
      const shares = scaled(row.logprobs, inverse).map(Math.exp);
      const expected = row.logprobs.reduce((sum, logprob, index) => sum + (shares[index] ?? 0) * logprob, 0);
      return expected - logprobOf(row, labels);
    });
  let [low, high] = [COLDEST, 1 / COLDEST];
  if (slope(low) > 0) high = low;
  else if (slope(high) < 0) low = high;
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (slope(middle) < 0) low = middle;
    else high = middle;
  }
  const temperature = 1 / high;
  const fitted = new Set(validation.map(({ id }) => id));
  return {
    temperature,
    apply(rows) {
      const seen = rows.find(({ id }) => fitted.has(id));
      if (seen) {
        throw new UserError(`the temperature was fitted on row ${seen.id}`, {
          hint: 'Fit on validation rows and apply to others.',
        });
      }
      return rows.map((row) => ({ ...row, logprobs: scaled(row.logprobs, 1 / temperature) }));
    },
  };
}

function scaled(logprobs: readonly number[], inverse: number): readonly number[] {
  const all = logSum(logprobs.map((logprob) => logprob * inverse));
  return logprobs.map((logprob) => logprob * inverse - all);
}
