import { fitBag } from '../../learners/text-classifier.js';
import type { TfidfOptions } from '../../learners/tfidf.js';
import { randomStream } from '../../project/random.js';
import { type AuditData, goldOf, textsOf } from '../data.js';
import type { AuditResult } from '../result.js';
import type { LabelledRow } from '../rows.js';
import { aflite } from './aflite.js';
import type { Guess } from './partial-inputs.js';
import { rounded } from './scores.js';
import { type Region, region, trainingDynamics } from './training-dynamics.js';

type Difficulty = AuditResult['difficulty'];

/** Rows of a subset that a result names. */
const MOST_IDS = 100;
/** Rows that the map of training dynamics shows as points. */
const MOST_POINTS = 1000;

/** Rows by whether shortcuts get them right, as indices. */
export interface RowDifficulty {
  /** Every one of the guesses is right. */
  readonly easy: readonly number[];
  /** Every one of them is wrong. */
  readonly hard: readonly number[];
}

/**
 * Parts rows by guesses that do not compare their texts (the easy and hard subsets of Gururangan et al. 2018, section 4):
 * with one guess every row is easy or hard, with several some are neither.
 *
 * @param gold like the guesses as indices of labels.
 *
 * @example
 * const guesses = [{ predicted: [0, 1, 1] }, { predicted: [0, 0, 1] }].map(({ predicted }) => {
 *   return { predicted: Int32Array.from(predicted) };
 * });
 * difficulty([0, 1, 0], guesses); // -> { easy: [0], hard: [2] }
 */
export function difficulty(
  gold: ArrayLike<number>,
  guesses: readonly Pick<Guess, 'predicted'>[],
): RowDifficulty {
  const right = (row: number) => guesses.filter(({ predicted }) => predicted[row] === gold[row]).length;
  const rows = Array.from({ length: gold.length }, (_, row) => row);
  return {
    easy: rows.filter((row) => guesses.length > 0 && right(row) === guesses.length),
    hard: rows.filter((row) => guesses.length > 0 && right(row) === 0),
  };
}

/** Test rows that the classifiers of single texts get right all, and those all get wrong. */
export function measuredSubsets(
  { fields, labels, test }: AuditData,
  guesses: readonly Guess[],
): Difficulty['subsets'] {
  const classifiers = guesses.filter(({ approach }) => fields.includes(approach));
  const { easy, hard } = difficulty(goldOf(test, labels), classifiers);
  const subset = (indices: readonly number[]) =>
    subsetOf(
      indices.flatMap((index) => test[index] ?? []),
      labels,
    );
  return { by: classifiers.map(({ approach }) => approach), easy: subset(easy), hard: subset(hard) };
}

/** How the training rows fared while a model learnt them; null without its probabilities after each epoch. */
export function measuredDynamics(
  { labels, train }: AuditData,
  epochs: readonly ArrayLike<number>[] | undefined,
  seed: number,
): Difficulty['dynamics'] {
  if (!epochs) return null;
  const ids = train.map(({ id }) => id);
  const rows = trainingDynamics(ids, goldOf(train, labels), labels.length, epochs);
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
  { fields, labels, train }: AuditData,
  seed: number,
): Difficulty['filtering'] {
  const random = randomStream('rows for AFLite', seed);
  const some = train.length > SAMPLE ? random.shuffle(train).slice(0, SAMPLE) : train;
  const texts = textsOf(some, fields);
  const matrix = fitBag(texts, WORDS).matrix(texts);
  const targets = [...goldOf(some, labels)];
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

function subsetOf(rows: readonly LabelledRow[], labels: readonly string[]): Difficulty['subsets']['easy'] {
  return {
    rows: rows.length,
    labels: labelCounts(rows, labels),
    ids: rows.slice(0, MOST_IDS).map(({ id }) => id),
  };
}

/** Rows of each label. */
export function labelCounts(
  rows: readonly LabelledRow[],
  labels: readonly string[],
): Readonly<Record<string, number>> {
  const counts = new Map(labels.map((label) => [label, 0]));
  for (const { gold } of rows) counts.set(gold, (counts.get(gold) ?? 0) + 1);
  return Object.fromEntries(counts);
}
