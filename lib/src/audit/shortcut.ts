import type { BootstrapOptions } from '../metrics/resampling/bootstrap.js';
import type { Clusters } from '../metrics/resampling/clusters.js';
import type { Input } from './bag.js';
import { fitBagModel, mostProbable } from './bag-model.js';
import { linkedPairs } from './linked-pairs.js';
import { lookup, majority, seenIn } from './lookup.js';
import { PARTS, type PairData, type Part, targetsOf } from './pair.js';
import { type PairScores, pairScores } from './pair-scores.js';
import { type PermutationNull, permutationNull } from './permutation-null.js';

/** A way to predict labels that does not compare claim and evidence. */
export type Approach = 'majority' | `${Part}-lookup` | Input;

/** What an approach, fitted on train, says of the rows of test. */
export interface Guess {
  readonly approach: Approach;
  /** Indices of labels. */
  readonly predicted: Int32Array;
  /** Natural log-probabilities of all labels for each test row, those of row 0 first; classifiers alone have them. */
  readonly logprobs?: Float64Array;
}

/** How well a guess does, in the whole test part and where its rows have met the text in training or not. */
export interface ScoredGuess extends Guess {
  readonly all: PairScores;
  readonly seen: Readonly<Record<Part, Parted>>;
  /** Not of the majority label, which cannot do other than by chance. */
  readonly chance?: PermutationNull;
}

/** Scores of rows whose text occurs in training and of those whose text does not; absent where there are no such rows. */
export interface Parted {
  readonly seen?: PairScores;
  readonly unseen?: PairScores;
}

/** The guesses of a dataset: majority, lookups and classifiers of the parts that have any text in training. */
export function guesses({ labels, train, test }: PairData): readonly Guess[] {
  const parts = PARTS.filter((part) => train.some((row) => row[part] !== ''));
  const inputs: readonly Input[] = parts.length === 2 ? [...parts, 'both'] : parts;
  return [
    { approach: 'majority', predicted: majority(train, test, labels) },
    ...parts.map(
      (part): Guess => ({
        approach: `${part}-lookup`,
        predicted: lookup(part, train, test, labels),
      }),
    ),
    ...inputs.map((approach): Guess => {
      const logprobs = fitBagModel(approach, train, labels).logprobs(test);
      return { approach, predicted: mostProbable(logprobs, labels.length), logprobs };
    }),
  ];
}

/**
 * Scores guesses on test. Intervals draw the clusters of `linkedPairs` whole; default 10,000 replicates, 999
 * permutations.
 */
export function scoreGuesses(
  { labels, train, test }: PairData,
  some: readonly Guess[],
  options: Omit<BootstrapOptions, 'clusters'> & { readonly permutations?: number } = {},
): readonly ScoredGuess[] {
  const { permutations, ...drawing } = { replicates: 10_000, ...options };
  const gold = targetsOf(test, labels);
  const clusters = linkedPairs(test);
  const seen = { claim: seenIn('claim', train, test), evidence: seenIn('evidence', train, test) };
  return some.map((guess) => {
    const among = (rows: readonly number[]) =>
      rows.length === 0
        ? undefined
        : pairScores(
            rows.map((row) => gold[row] ?? 0),
            rows.map((row) => guess.predicted[row] ?? 0),
            labels.length,
            { ...drawing, clusters: clustersAmong(clusters, rows) },
          );
    const parted = (part: Part): Parted => {
      const rows = [...test.keys()];
      const [known, unknown] = [
        among(rows.filter((row) => seen[part][row])),
        among(rows.filter((row) => !seen[part][row])),
      ];
      return { ...(known && { seen: known }), ...(unknown && { unseen: unknown }) };
    };
    return {
      ...guess,
      all: pairScores(gold, guess.predicted, labels.length, { ...drawing, clusters }),
      seen: { claim: parted('claim'), evidence: parted('evidence') },
      ...(guess.approach !== 'majority' && {
        chance: permutationNull(gold, guess.predicted, labels.length, {
          ...(permutations !== undefined && { permutations }),
          ...(drawing.seed !== undefined && { seed: drawing.seed }),
        }),
      }),
    };
  });
}

function clustersAmong({ name, keys }: Clusters, rows: readonly number[]): Clusters {
  return { name, keys: rows.map((row) => keys[row] ?? '') };
}
