import { words as wordsOf } from '../learners/tfidf.js';
import { UserError } from '../project/error.js';
import { progress } from '../project/progress.js';
import { textOf } from '../tasks/row.js';
import { withoutTests } from './checks/few-groups.js';
import type { Concerned } from './checks/suspicion.js';
import { judge } from './checks/verdicts.js';
import { type AuditData, auditData, clustersAmong, type DataOptions, tooFew } from './data.js';
import { labelCounts, measuredDynamics, measuredFiltering, measuredSubsets } from './measures/difficulty.js';
import { measuredInformation } from './measures/information.js';
import { guesses, partialInputs } from './measures/partial-inputs.js';
import { priorShift } from './measures/prior-shift.js';
import { sharedKeys } from './measures/shared-keys.js';
import { conflictingLabels, nearlySharedTexts, sharedTexts } from './measures/shared-texts.js';
import { signedLeaks } from './measures/signed-leaks.js';
import { type SplitFloorOptions, splitFloors } from './measures/split-floors.js';
import { reportedFeatures, reportedRules, structure } from './measures/structure.js';
import { wordHabits } from './measures/word-habits.js';
import type { AuditResult } from './result.js';
import type { AuditRow, LabelledRow } from './rows.js';

export interface AuditOptions extends DataOptions {
  /** What the report calls the two sets. */
  readonly names?: { readonly train: string; readonly test: string };
  /** Where both are parts of one set of rows, divided here (`divide`): what they share is then no finding. Default false. */
  readonly divided?: boolean;
  /** What a reader should know of the data, a sentence each. */
  readonly notes?: readonly string[];
  /** Of the rows, those that are no more to be on both sides than texts, such as documents or patients. Default none. */
  readonly keys?: readonly string[];
  /** Of the bootstrap. Default 1,000. */
  readonly replicates?: number;
  /** Of the labels, for what chance reaches. Default 999. */
  readonly permutations?: number;
  /** Coverage of the intervals. Default 0.95. */
  readonly level?: number;
  /** Chance of any false alarm among the tests where the data are clean. Default 0.05. */
  readonly alpha?: number;
  /** Of the floors by split: how often rows are divided anew, and how many at most. */
  readonly splits?: SplitFloorOptions;
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
 * what part of a row, its form and single words tell of the label. Rows have one or two texts, such as claims and evidence,
 * and a label; one label of sets is told from the rest, and numbers are taken in thirds. The result is plain JSON,
 * described by `auditJsonSchema`, and holds ids, numbers and single words of the data alone. The same rows and options give
 * the same result.
 *
 * @throws UserError where a part has fewer than 10 rows, an id occurs twice in it, all labels are the same, or the rows
 *   have no labels (`labelledRows`).
 *
 * @example
 * const rows = Array.from({ length: 60 }, (_, row) => {
 *   return { id: `${row}`, label: row % 2 ? 'yes' : 'no', text: `${row % 2 ? 'proven' : 'never'} ${row}` };
 * });
 * const { verdict } = await audit(rows.slice(20), rows.slice(0, 20), { replicates: 100, permutations: 99 });
 * verdict; // -> 'leaks'
 */
export async function audit(
  train: readonly AuditRow[],
  test: readonly AuditRow[],
  options: AuditOptions = {},
): Promise<AuditResult> {
  const { names = { train: 'train', test: 'test' }, notes = [], keys = [], epochs } = options;
  const { replicates = 1000, permutations = 999, level = 0.95, alpha = 0.05, seed = 0 } = options;
  for (const [part, { length }] of [
    ['train', train],
    ['test', test],
  ] as const) {
    if (length >= LEAST_ROWS) continue;
    throw new UserError(`too few rows: ${length} in ${names[part]}`, {
      hint: `An audit needs at least ${LEAST_ROWS} rows to learn from and ${LEAST_ROWS} to try on.`,
    });
  }
  const data = auditData(train, test, options);
  const { fields, labels } = data;
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
    const overlaps = await done(() => [...sharedTexts(data), ...nearlySharedTexts(data)]);
    const words = await done(() => fields.map((field) => wordHabits(data, field)));
    const form = await done(() => structure(data, drawing));
    const guessed = await done(() => guesses(data));
    const partial = await done(() => partialInputs(data, guessed, { ...drawing, permutations }));
    const information = await done(() => measuredInformation(data, seed));
    const difficulty = await done(() => ({
      subsets: measuredSubsets(data, guessed),
      dynamics: measuredDynamics(data, epochs, seed),
      filtering: measuredFiltering(data, seed),
    }));
    const setOf = (name: string, rows: readonly LabelledRow[]) => {
      const groups = tooFew(clustersAmong(rows, fields));
      return {
        ...{ name, rows: rows.length, labels: labelCounts(rows, labels) },
        ...(groups !== undefined && { groups }),
      };
    };
    const keysTold = [...sharedKeys(data, keys, overlaps)];
    const signed = await done(() =>
      signedLeaks(
        data,
        keysTold.map(({ key }) => key),
        level,
      ),
    );
    const floors = await done(() => splitFloors(data, { seed, keys, ...options.splits }));
    const measured = withoutTests({
      format: 'small-claims audit' as const,
      version: 1 as const,
      options: { seed, replicates, permutations, level, alpha },
      data: {
        fields: [...fields],
        labels: [...labels],
        train: setOf(names.train, data.train),
        test: setOf(names.test, data.test),
        ...(options.divided && { divided: true }),
        notes: [...notes, ...data.notes],
      },
      overlaps,
      ...(keys.length > 0 && { sharedKeys: keysTold }),
      signedLeaks: [...signed],
      floorsBySplit: [...floors],
      priorShift: priorShift(data),
      conflicts: conflictingLabels(data),
      partialInputs: partial,
      features: reportedFeatures(form),
      rules: reportedRules(form, fields),
      words: words.flat(),
      information,
      difficulty,
    });
    const judged = judge(measured, concernedOf(data));
    const told = fields.flatMap((field) =>
      measured.words.filter((word) => word.field === field).slice(0, MOST_WORDS),
    );
    return { ...measured, ...judged, words: told };
  } finally {
    shown.done();
  }
}

const STEPS = 9;

/** Words of each text that a result holds: those with the highest z. */
const MOST_WORDS = 300;

/** The rows behind a check, found when one is flagged. */
function concernedOf({ fields, train, test }: AuditData): Concerned {
  const rows = [...train, ...test];
  const idsWhere = (is: (row: LabelledRow) => boolean) => rows.filter(is).map(({ id }) => id);
  return {
    empty: idsWhere((row) => fields.some((field) => textOf(row, field) === '')),
    holding: (field, word) => idsWhere((row) => wordsOf(textOf(row, field)).includes(word)),
  };
}
