import { words as wordsOf } from '../learners/tfidf.js';
import { UserError } from '../project/error.js';
import { progress } from '../project/progress.js';
import { measuredDynamics, measuredFiltering, measuredSubsets } from './measured-difficulty.js';
import { measuredGuesses } from './measured-guesses.js';
import { measuredInformation } from './measured-information.js';
import { reportedFeatures, reportedRules } from './measured-structure.js';
import { PARTS, type PairData, type PairRow, type Part, pairData } from './pair.js';
import { priorShift } from './prior-shift.js';
import type { AuditResult } from './result.js';
import { conflictingLabels, nearlySharedTexts, sharedTexts } from './shared-texts.js';
import { guesses } from './shortcut.js';
import { structure } from './structure.js';
import type { Concerned } from './suspicion.js';
import { judge } from './verdicts.js';
import { wordHabits } from './word-habits.js';

export interface AuditOptions {
  /** What the report calls the two sets. */
  readonly names?: { readonly train: string; readonly test: string };
  /** What a reader should know of the data, a sentence each. */
  readonly notes?: readonly string[];
  /** Default: those that occur, in code-unit order. */
  readonly labels?: readonly string[];
  /** Of the bootstrap. Default 1,000. */
  readonly replicates?: number;
  /** Of the labels, for what chance reaches. Default 999. */
  readonly permutations?: number;
  /** Coverage of the intervals. Default 0.95. */
  readonly level?: number;
  /** Chance of any false alarm among the tests where the data are clean. Default 0.05. */
  readonly alpha?: number;
  /** Default 0. */
  readonly seed?: number;
  /**
   * Of a model that learnt the training rows, after each epoch, the probabilities of all labels in each of them: rows *
   * labels, those of row 0 first, for a map of which rows it found easy (`trainingDynamics`). Default none.
   */
  readonly epochs?: readonly ArrayLike<number>[];
}

/** Rows a part has at least: with fewer, no measure could tell anything from chance. */
const LEAST_ROWS = 10;

/**
 * Measures what a model could cheat with, were it fitted on `train` and tried on `test`: shared and conflicting rows,
 * what part of a row, its form and single words tell of the label. The result is plain JSON, described by
 * `auditSchema`, and holds ids, numbers and single words of the data alone. The same rows and options give the same
 * result.
 *
 * @throws UserError where a part has fewer than 10 rows, an id occurs twice in it, or all labels are the same.
 */
export async function audit(
  train: readonly PairRow[],
  test: readonly PairRow[],
  options: AuditOptions = {},
): Promise<AuditResult> {
  const { names = { train: 'train', test: 'test' }, notes = [], labels, epochs } = options;
  const { replicates = 1000, permutations = 999, level = 0.95, alpha = 0.05, seed = 0 } = options;
  for (const [part, rows] of [
    ['train', train],
    ['test', test],
  ] as const) {
    if (rows.length < LEAST_ROWS) {
      throw new UserError(`too few rows: ${rows.length} in ${names[part]}`, {
        hint: `An audit needs at least ${LEAST_ROWS} rows to learn from and ${LEAST_ROWS} to try on.`,
      });
    }
  }
  const data = pairData(train, test, { ...(labels && { labels }) });
  const fields = PARTS.filter((part) => hasText(data, part));
  const drawing = { replicates, level, seed };
  const shown = progress('audit', STEPS, 'measures');
  try {
    const done = async <Value>(measure: () => Value): Promise<Value> => {
      const value = measure();
      shown.advance(1);
      // Lets a terminal or notebook show how far it has come.
      await new Promise((resolve) => setImmediate(resolve));
      return value;
    };
    const texts = fields.length > 1 ? (['pair', ...fields] as const) : (['pair'] as const);
    const overlaps = await done(() => [...sharedTexts(data, texts), ...nearlySharedTexts(data, texts)]);
    const words = await done(() => fields.flatMap((part) => wordHabits(data, part)));
    const form = await done(() => structure(data, drawing));
    const guessed = await done(() => guesses(data));
    const partialInputs = await done(() => measuredGuesses(data, guessed, { ...drawing, permutations }));
    const information = await done(() => measuredInformation(data, fields, seed));
    const difficulty = await done(() => ({
      subsets: measuredSubsets(data, guessed),
      dynamics: measuredDynamics(data, epochs, seed),
      filtering: measuredFiltering(data, fields, seed),
    }));
    const measured = {
      format: 'small-claims audit' as const,
      version: 1 as const,
      options: { seed, replicates, permutations, level, alpha },
      data: {
        fields,
        labels: [...data.labels],
        train: setOf(names.train, train, data.labels),
        test: setOf(names.test, test, data.labels),
        notes: [...notes],
      },
      overlaps,
      priorShift: priorShift(data),
      conflicts: conflictingLabels(data),
      partialInputs,
      features: reportedFeatures(form, fields),
      rules: reportedRules(form, fields),
      words,
      information,
      difficulty,
    };
    const judged = judge(measured, concernedOf(data));
    return {
      ...measured,
      ...judged,
      words: PARTS.flatMap((part) => words.filter(({ field }) => field === part).slice(0, MOST_WORDS)),
    };
  } finally {
    shown.done();
  }
}

const STEPS = 7;

/** Words of each text that a result holds: those with the highest z. */
const MOST_WORDS = 300;

/** Whether any row to learn from has a text of this part. */
function hasText({ train }: PairData, part: Part): boolean {
  return train.some((row) => row[part] !== '');
}

function setOf(
  name: string,
  rows: readonly PairRow[],
  labels: readonly string[],
): AuditResult['data']['train'] {
  const counts = new Map(labels.map((label) => [label, 0]));
  for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
  return { name, rows: rows.length, labels: Object.fromEntries(counts) };
}

/** The rows behind a check, found when one is flagged. */
function concernedOf(data: PairData): Concerned {
  const rows = [...data.train, ...data.test];
  const fields = PARTS.filter((part) => hasText(data, part));
  return {
    empty: rows.filter((row) => fields.some((field) => row[field] === '')).map(({ id }) => id),
    holding: (field, word) => rows.filter((row) => wordsOf(row[field]).includes(word)).map(({ id }) => id),
  };
}
