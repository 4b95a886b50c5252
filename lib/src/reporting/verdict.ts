/** The test behind a published difference, and what it was corrected for. */
export interface ComparisonTest {
  /** "studentised approximate randomisation over 248 groups of rows ..." */
  readonly method: string;
  /** Why this test: "macro-F1 is no mean over rows, ..." */
  readonly reason: string;
  /** A corrected p-value at or below it counts. */
  readonly alpha: number;
  /** Of no difference, two-sided. */
  readonly p: number;
  readonly corrected: number;
  /** Of a difference of at least `margin`, by two one-sided tests. */
  readonly equivalence: {
    readonly margin: number;
    readonly p: number;
    readonly corrected?: number;
    /** Chance to find two equal scores within the margin. */
    readonly power?: number;
  };
  /** Of the difference, for other rows, and the least difference that is found so in 80 of 100 cases, corrected; shares of 1. */
  readonly standardError?: number;
  readonly leastDifference?: number;
  /** Whether the study file names it beforehand. */
  readonly role?: 'primary' | 'exploratory';
  readonly correction: string;
  /** How many comparisons it was corrected over. */
  readonly family: number;
  /** Nothing could be tested, as `reason` says: p-values are 1, and no verdict holds. */
  readonly impossible?: true;
}

/** What may be said of two systems, the first named first. */
export const VERDICTS = ['outperforms', 'is outperformed by', 'matches', 'does not differ from'] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * Whether the tests let one say so:
 * - outperforms, is outperformed by: the difference has that sign and its corrected p is at most alpha;
 * - matches: the corrected p of equivalence is at most alpha, so the difference lies within the margin, and two equal scores
 *   would be found so in 80 of 100 cases at least;
 * - does not differ from: the corrected p of difference is above alpha. It says that none was found, not that none is.
 */
export function supports(verdict: Verdict, difference: number, test: ComparisonTest): boolean {
  const { alpha, equivalence } = test;
  if (test.impossible) return false;
  switch (verdict) {
    case 'outperforms':
      return difference > 0 && test.corrected <= alpha;
    case 'is outperformed by':
      return difference < 0 && test.corrected <= alpha;
    case 'matches':
      return (equivalence.corrected ?? equivalence.p) <= alpha && (equivalence.power ?? 1) >= 0.8;
    case 'does not differ from':
      return test.corrected > alpha;
  }
}

/** The first verdict that the tests support; none where nothing could be tested. */
export function verdictOf(difference: number, test: ComparisonTest): Verdict | undefined {
  return VERDICTS.find((verdict) => supports(verdict, difference, test));
}
