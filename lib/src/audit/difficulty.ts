import type { BootstrapOptions } from '../metrics/resampling/bootstrap.js';
import { linkedPairs } from './linked-pairs.js';
import { type PairData, targetsOf } from './pair.js';
import { type PairScores, pairScores } from './pair-scores.js';
import type { Guess } from './shortcut.js';

/** Test rows by whether a shortcut gets them right, as indices. */
export interface Difficulty {
  /** Every one of the guesses is right. */
  readonly easy: readonly number[];
  /** Every one of them is wrong. */
  readonly hard: readonly number[];
}

/**
 * Parts test rows by guesses that do not compare claim and evidence (the easy and hard subsets of Gururangan et al.
 * 2018, section 4): with one guess every row is easy or hard, with several some are neither.
 */
export function difficulty(
  {
    labels,
    test,
  }: { readonly labels: readonly string[]; readonly test: readonly { readonly label: string }[] },
  guesses: readonly Pick<Guess, 'predicted'>[],
): Difficulty {
  const gold = targetsOf(test, labels);
  const right = (row: number) => guesses.filter(({ predicted }) => predicted[row] === gold[row]).length;
  const rows = [...test.keys()];
  return {
    easy: rows.filter((row) => guesses.length > 0 && right(row) === guesses.length),
    hard: rows.filter((row) => guesses.length > 0 && right(row) === 0),
  };
}

/**
 * Scores of any predictions on some of the test rows, such as those that a shortcut gets wrong; undefined where there
 * are none. A model that does what the shortcut does scores 0 there, and one that reads scores as anywhere, but such
 * rows are harder to label too.
 *
 * @param predicted indices of labels, one for each test row.
 */
export function scoresAmong(
  { labels, test }: PairData,
  rows: readonly number[],
  predicted: ArrayLike<number>,
  options: Omit<BootstrapOptions, 'clusters'> = {},
): PairScores | undefined {
  if (rows.length === 0) return undefined;
  const gold = targetsOf(test, labels);
  const { name, keys } = linkedPairs(test);
  return pairScores(
    rows.map((row) => gold[row] ?? 0),
    rows.map((row) => predicted[row] ?? 0),
    labels.length,
    { ...options, clusters: { name, keys: rows.map((row) => keys[row] ?? '') } },
  );
}
