import { UserError } from '../project/error.js';
import type { Gold } from '../tasks/row.js';
import { binomialCdf } from './distributions.js';
import { type Answers, checkRows } from './measure.js';

/** McNemar's test of two systems on the same independent rows. */
export interface McNemar {
  /** Rows that only the first, and only the second, has right. */
  readonly onlyOurs: number;
  readonly onlyTheirs: number;
  /** Two-sided, conditional on the rows where they differ; 1 where there is none. */
  readonly exact: number;
  /** The same with the observed table counted half, which is less conservative. */
  readonly midP: number;
}

/**
 * McNemar's exact test and its mid-p version (McNemar 1947; Fagerland, Lydersen and Laake 2013): under the null each
 * row that one system alone has right is as likely the one's as the other's, so the smaller count X is binomial:
 * exact = min(1, 2 P(X <= x)), mid-p = exact - P(X = x), 1 where both counts are equal.
 * It takes rows as independent: where they come in clusters use `randomisationTest`.
 * @param golds of rows with one label; an answer that is not it is wrong, whatever it is.
 * @throws UserError where lists differ in length or are empty.
 *
 * @example
 * const golds = ['yes', 'no', 'yes', 'no', 'yes'];
 * mcnemar(golds, golds, ['yes', 'yes', 'no', 'yes', 'no']); // -> { onlyOurs: 4, onlyTheirs: 0, exact: 0.125, midP: 0.0625 }
 */
export function mcnemar(golds: readonly Gold[], ours: Answers, theirs: Answers): McNemar {
  for (const answers of [ours, theirs]) checkRows(golds, answers);
  let onlyOurs = 0;
  let onlyTheirs = 0;
  for (const [row, gold] of golds.entries()) {
    const [right, otherRight] = [ours[row] === gold, theirs[row] === gold];
    if (right && !otherRight) onlyOurs += 1;
    if (otherRight && !right) onlyTheirs += 1;
  }
  return { onlyOurs, onlyTheirs, ...mcnemarOfCounts(onlyOurs, onlyTheirs) };
}

/**
 * The test of the two counts alone. @throws UserError for one that is not whole and 0 or more.
 * @internal
 */
export function mcnemarOfCounts(b: number, c: number): Pick<McNemar, 'exact' | 'midP'> {
  for (const count of [b, c])
    if (!(Number.isInteger(count) && count >= 0)) throw new UserError(`${count} is no number of rows`);
  if (b === c) return { exact: 1, midP: 1 };
  const [least, n] = [Math.min(b, c), b + c];
  const upTo = binomialCdf(least, n, 0.5);
  return { exact: Math.min(1, 2 * upTo), midP: upTo + binomialCdf(least - 1, n, 0.5) };
}
