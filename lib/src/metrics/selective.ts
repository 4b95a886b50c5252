import { UserError } from '../project/error.js';
import type { Confident } from './calibration.js';

/** What a model that answers its most confident rows alone gets wrong. */
export interface RiskCoverage {
  /** A point for each share of rows answered, the most confident first: 1/n, 2/n, ... 1. */
  readonly coverage: readonly number[];
  /** Share of the answered rows that is wrong, at each. */
  readonly risk: readonly number[];
  /** Area under the curve: the mean risk over all coverages, 0..1. */
  readonly area: number;
  /** The area beyond the one of a model that has the same errors and is least confident of them. */
  readonly excessArea: number;
}

/**
 * The risk-coverage curve of selective prediction (El-Yaniv and Wiener 2010), its area, AURC, and excess area
 * (Geifman, Uziel and El-Yaniv 2019). Rows of equal confidence are answered in random order: the curve is its
 * expectation, so that the order of the rows does not matter.
 *
 * @throws UserError for no rows and a confidence that is not a number.
 *
 * @example
 * const rows = [0.9, 0.8, 0.7, 0.6].map((confidence) => ({ confidence, right: confidence > 0.65 }));
 * const { risk, excessArea } = riskCoverage(rows);
 * [risk, excessArea]; // -> [[0, 0, 0, 0.25], 0]
 */
export function riskCoverage(rows: readonly Confident[]): RiskCoverage {
  if (rows.length === 0) throw new UserError('no rows to score');
  if (rows.some(({ confidence }) => Number.isNaN(confidence)))
    throw new UserError('a confidence is not a number');
  const descending = rows.toSorted((a, b) => b.confidence - a.confidence);
  const risk: number[] = [];
  let errors = 0;
  for (let first = 0; first < descending.length; ) {
    const held = descending.slice(first).findIndex((row) => row.confidence !== descending[first]?.confidence);
    const size = held === -1 ? descending.length - first : held;
    const wrong = descending.slice(first, first + size).filter(({ right }) => !right).length;
    for (let answered = 1; answered <= size; answered++)
      risk.push((errors + (wrong * answered) / size) / (first + answered));
    errors += wrong;
    first += size;
  }
  const n = rows.length;
  let optimal = 0;
  for (let answered = 1; answered <= n; answered++)
    optimal += Math.max(0, errors - (n - answered)) / answered / n;
  const area = risk.reduce((sum, each) => sum + each, 0) / n;
  return { coverage: risk.map((_, index) => (index + 1) / n), risk, area, excessArea: area - optimal };
}
