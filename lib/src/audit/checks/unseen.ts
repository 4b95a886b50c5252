import { binomialCdf, normalQuantile } from '../../metrics/distributions.js';
import { leastDifference } from '../../metrics/power.js';
import { LEAST_ROWS } from '../measures/word-habits.js';
import { boundsOf, type Estimate } from '../result.js';
import { percent } from '../wording.js';
import { type Measured, THRESHOLDS } from './suspicion.js';

/**
 * Why a test that found nothing could hardly have found anything, at the level its correction leaves it, and what it would take;
 * undefined where it could: what would count as a leak in 80 of 100 cases.
 */
export type Unseen = (level: number) => string | undefined;

/** Of an effect with a standard error. */
export const unseenEffect =
  ({
    standardError,
    limit,
    units,
    have,
    what = 'an effect that would count as a leak',
    freedom = Number.POSITIVE_INFINITY,
  }: {
    readonly standardError: number;
    /** The effect that should be found. */
    readonly limit: number;
    /** Rows or groups, and the same in words. */
    readonly units: number;
    readonly have: string;
    readonly what?: string;
    readonly freedom?: number;
  }): Unseen =>
  (level) => {
    const least = leastDifference(standardError, freedom, level);
    if (least <= limit) return undefined;
    const needed = Math.ceil(units * (least / limit) ** 2);
    return `With ${have} ${what} could go unseen: about ${needed.toLocaleString('en')} are needed.`;
  };

/** Of an estimate, by its interval; without one, since it is the same in every draw, as if one test row strayed. */
export function unseenBeyond(
  estimate: Estimate,
  limit: number,
  { data, options }: Pick<Measured, 'data' | 'options'>,
): Unseen {
  const bounds = boundsOf(estimate);
  const { rows } = data.test;
  const width = 2 * normalQuantile((1 + options.level) / 2);
  const standardError = bounds ? (bounds.high - bounds.low) / width : 1 / rows;
  return unseenEffect({ standardError, limit, units: rows, have: `${rows.toLocaleString('en')} test rows` });
}

/** Of permutations: the smallest two-sided p that they can give. */
export const unseenAmong =
  (permutations: number): Unseen =>
  (level) =>
    2 / (1 + permutations) < level
      ? undefined
      : `With ${permutations} permutations no result could be beyond chance: ${Math.ceil(2 / level)} or more are needed.`;

/** Of a word that leaks, in one of twenty training rows, with the label that is told most easily. */
export function unseenWord({ data, words }: Pick<Measured, 'data' | 'words'>, field: string): Unseen {
  const { rows, labels } = data.train;
  const tests = data.labels.length * Math.max(1, words.filter((each) => each.field === field).length);
  const shares = data.labels.map((label) => (labels[label] ?? 0) / rows).filter((share) => share > 0);
  const p = (holding: number) => {
    const others = holding - Math.ceil(THRESHOLDS.wordShare * holding);
    return tests * Math.min(...shares.map((share) => binomialCdf(others, holding, 1 - share)));
  };
  return (level) => {
    let holding = Math.max(LEAST_ROWS, Math.ceil(THRESHOLDS.seenWordRows * rows));
    if (p(holding) < level) return undefined;
    while (holding < rows && p(holding) >= level) holding += 1;
    const needed = Math.ceil(holding / THRESHOLDS.seenWordRows).toLocaleString('en');
    return `With ${rows.toLocaleString('en')} training rows a word in ${percent(THRESHOLDS.seenWordRows, 0)} of them that leaks would not stand out: about ${needed} are needed.`;
  };
}
