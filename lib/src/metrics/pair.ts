import { UserError } from '../project/error.js';
import type { Label } from '../tasks/example.js';
import { asConfusion, type Confusion, outcomes } from './confusion.js';
import type { Clusters } from './resampling.js';
import type { Statistic } from './scores.js';
import { meanOverSeeds, stacked } from './tally.js';

/** A system's predictions for the same rows; of one that was trained several times a list for each seed. */
export type Predictions = readonly Label[] | readonly (readonly Label[])[];

/**
 * The predictions of two systems seed by seed; one that has a single list stands beside each seed of the other.
 * Throws UserError where both have several, and not as many.
 */
export function seedPairs(
  ours: Predictions,
  theirs: Predictions,
): readonly (readonly [readonly Label[], readonly Label[]])[] {
  const [mine, others] = [bySeed(ours), bySeed(theirs)];
  if (mine.length !== others.length && mine.length !== 1 && others.length !== 1)
    throw new UserError(`predictions of ${mine.length} seeds against those of ${others.length}`, {
      hint: 'Give both systems with the same seeds, in the same order.',
    });
  return Array.from({ length: Math.max(mine.length, others.length) }, (_, seed) => [
    mine[seed] ?? mine[0] ?? [],
    others[seed] ?? others[0] ?? [],
  ]);
}

const bySeed = (predictions: Predictions): readonly (readonly Label[])[] =>
  isOneList(predictions) ? [predictions] : predictions;

const isOneList = (predictions: Predictions): predictions is readonly Label[] =>
  !Array.isArray(predictions[0]);

/** What two systems make of the same rows. */
interface Pair {
  readonly ours: Confusion;
  readonly theirs: Confusion;
}

/** Each row's gold label and two predictions as one number: 9 * gold + 3 * ours + theirs, labels as in LABELS. */
function pairOutcomes(gold: readonly Label[], ours: readonly Label[], theirs: readonly Label[]): Uint8Array {
  const other = outcomes(gold, theirs);
  return outcomes(gold, ours).map((code, row) => 3 * code + ((other[row] ?? 0) % 3));
}

/** The two confusions of the counts of the 27 `pairOutcomes`. */
function pairOf(counts: Int32Array): Pair {
  const ours = new Int32Array(9);
  const theirs = new Int32Array(9);
  for (let outcome = 0; outcome < 27; outcome++) {
    const count = counts[outcome] ?? 0;
    const gold = Math.floor(outcome / 9);
    const mine = Math.floor(outcome / 3);
    const other = 3 * gold + (outcome % 3);
    ours[mine] = (ours[mine] ?? 0) + count;
    theirs[other] = (theirs[other] ?? 0) + count;
  }
  return { ours: asConfusion(ours), theirs: asConfusion(theirs) };
}

/** The `stacked` pairs of two systems, and by counts of these ours minus theirs, the mean over seeds. */
export function stackedPairs(
  gold: readonly Label[],
  ours: Predictions,
  theirs: Predictions,
  statistic: Statistic,
  clusters?: Clusters,
) {
  const pairs = seedPairs(ours, theirs).map((pair) => pairOutcomes(gold, ...pair));
  const difference = (counts: Int32Array) => {
    const pair = pairOf(counts);
    return statistic(pair.ours) - statistic(pair.theirs);
  };
  return {
    ...stacked(pairs, 27, clusters),
    differenceOf: (counts: Int32Array) => meanOverSeeds(counts, 27, difference),
  };
}
