import type { TfidfOptions } from '../learners/tfidf.js';
import { randomStream } from '../project/random.js';
import { aflite } from './aflite.js';
import { fitBag } from './bag.js';
import { difficulty } from './difficulty.js';
import { rounded } from './measured-guesses.js';
import { type PairData, type PairRow, type Part, targetsOf } from './pair.js';
import type { AuditResult } from './result.js';
import type { Guess } from './shortcut.js';
import { type Region, region, trainingDynamics } from './training-dynamics.js';

type Difficulty = AuditResult['difficulty'];

/** Rows of a subset that a result names. */
const MOST_IDS = 100;
/** Rows that the map of training dynamics shows as points. */
const MOST_POINTS = 1000;

/** Test rows that the classifiers of the claim alone and of the evidence alone get right both, and those both get wrong. */
export function measuredSubsets(data: PairData, guesses: readonly Guess[]): Difficulty['subsets'] {
  const classifiers = guesses.filter(({ approach }) => approach === 'claim' || approach === 'evidence');
  const { easy, hard } = difficulty(data, classifiers);
  const rowsAt = (indices: readonly number[]) => indices.flatMap((index) => data.test[index] ?? []);
  return {
    by: classifiers.map(({ approach }) => approach),
    easy: subsetOf(rowsAt(easy), data.labels),
    hard: subsetOf(rowsAt(hard), data.labels),
  };
}

/** How the training rows fared while a model learnt them; null without its probabilities after each epoch. */
export function measuredDynamics(
  { labels, train }: PairData,
  epochs: readonly ArrayLike<number>[] | undefined,
  seed: number,
): Difficulty['dynamics'] {
  if (!epochs) return null;
  const ids = train.map(({ id }) => id);
  const rows = trainingDynamics(ids, targetsOf(train, labels), labels.length, epochs);
  const byId = new Map(train.map((row) => [row.id, row]));
  const regionOf = (name: Region) =>
    subsetOf(
      region(rows, name).flatMap((id) => byId.get(id) ?? []),
      labels,
    );
  const points = rows.length > MOST_POINTS ? randomStream('map of dynamics', seed).shuffle(rows) : rows;
  return {
    epochs: epochs.length,
    easy: regionOf('easy'),
    ambiguous: regionOf('ambiguous'),
    hard: regionOf('hard'),
    points: points.slice(0, MOST_POINTS).map(({ id, confidence, variability, correctness }) => ({
      id,
      confidence: rounded(confidence),
      variability: rounded(variability),
      correctness: rounded(correctness),
    })),
  };
}

/** Training rows that AFLite is tried on, at most: it fits more than a hundred classifiers. */
const SAMPLE = 2000;
const WORDS: TfidfOptions = { minimum: 2, sublinear: true };
const SETTINGS = { partitions: 16, training: 0.5, slice: 0.05, threshold: 0.75, strength: 1 } as const;

/**
 * What AFLite (`aflite`) takes out of the training rows, or of some drawn from them, by their words; and what it takes out
 * where the labels of the same rows are dealt out anew, which is what a threshold alone takes out.
 */
export function measuredFiltering(
  { labels, train }: PairData,
  fields: readonly Part[],
  seed: number,
): Difficulty['filtering'] {
  const random = randomStream('rows for AFLite', seed);
  const some = train.length > SAMPLE ? random.shuffle(train).slice(0, SAMPLE) : train;
  const matrix = fitBag(fields.length > 1 ? 'both' : (fields[0] ?? 'claim'), some, WORDS).matrix(some);
  const targets = [...targetsOf(some, labels)];
  const filter = (dealt: readonly number[]) => aflite(matrix, dealt, labels.length, { ...SETTINGS, seed });
  const { kept, rounds } = filter(targets);
  const rowsAt = (indices: readonly number[]) => indices.flatMap((index) => some[index] ?? []);
  return {
    settings: { ...SETTINGS },
    rows: some.length,
    rounds: rounds.map(({ length }) => length),
    removed: subsetOf(rowsAt(rounds.flat()), labels),
    kept: subsetOf(rowsAt(kept), labels),
    removedByChance: some.length - filter(random.shuffle(targets)).kept.length,
  };
}

function subsetOf(rows: readonly PairRow[], labels: readonly string[]): Difficulty['subsets']['easy'] {
  const counts = new Map(labels.map((label) => [label, 0]));
  for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
  return {
    rows: rows.length,
    labels: Object.fromEntries(counts),
    ids: rows.slice(0, MOST_IDS).map(({ id }) => id),
  };
}
