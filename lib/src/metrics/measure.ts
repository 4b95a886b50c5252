import { UserError } from '../project/error.js';
import type { Gold, Span } from '../tasks/row.js';
import type { Answer } from '../tasks/shape.js';
import type { Summed } from './resampling/summed.js';
import { type Add, offsetsOf, sideBySide, total, type Vectors, vectorsOf } from './resampling/vectors.js';

/** A system's answers to rows, in their order; null where it gave none: it refused, or could not be read. */
export type Answers = readonly (Answer | null)[];

/** Where a word begins and ends in a text, in the characters that spans count. */
export type WordPlace = readonly [start: number, end: number];

/** What an answer is scored against: gold, or, of a task that is measured by words, gold spans and the words of the text. */
export type Reference = Gold | { readonly spans: readonly Span[]; readonly words: readonly WordPlace[] };

/**
 * How good answers are, as a function of what rows add up to. That is all that intervals, tests and errors know of it:
 * they score sums over rows drawn, exchanged or left out.
 */
export interface Measure {
  /** Kebab-case, unique among the measures of a task: `macro-f1`. */
  readonly id: string;
  /** As a sentence has it: `macro-F1`. */
  readonly title: string;
  /** How its scores are written; of a `percent` they are shares in 0..1. */
  readonly format: 'percent' | 'decimal';
  readonly better: 'higher' | 'lower';
  /** The label or type that it is about, where it is about one alone. */
  readonly label?: string;
  /**
   * Of a mean over rows, what a row has in it: 1 or 0 as its answer is `right` or not, or a `score` of its own. Left out of
   * what is no such mean, as F1.
   */
  readonly overRows?: 'right' | 'score';
  /** What each row adds. Measures of one family are computed from the same sums. */
  readonly family: Family;
  /** When a score is not defined, as a sentence ends: `nothing is named, gold or answered`. Left out where one always is. */
  readonly undefinedWhere?: string;
  /**
   * The score of a sum over any multiset of rows, none included; NaN where it is not defined.
   *
   * @param whole the sum of all rows at hand, which says what the multiset may lack.
   */
  of(sums: Float64Array, whole: Float64Array): number;
}

export interface Family {
  /**
   * What each row adds to the family's sums.
   * @throws UserError for no rows, lists that differ in length, and what is no answer to such a task.
   */
  on(golds: readonly Reference[], answers: Answers): Vectors;
}

/** A family of `width` sums, by what a single row adds; `null` where it was not answered. */
export function family(
  width: number,
  addRow: (add: Add, gold: Reference, answer: Answer | null, row: number) => void,
): Family {
  return {
    on(golds, answers) {
      checkRows(golds, answers);
      return vectorsOf(golds.length, width, (row, add) => {
        const gold = golds[row];
        if (gold !== undefined) addRow(add, gold, answers[row] ?? null, row);
      });
    },
  };
}

/** @throws UserError for no rows, and lists that differ in length. */
export function checkRows(golds: readonly unknown[], answers: readonly unknown[]): void {
  if (golds.length !== answers.length) {
    throw new UserError(`${golds.length} gold answers but ${answers.length} answers`, {
      hint: 'Give one answer a row, in the order of the gold ones; null where there is none.',
    });
  }
  if (golds.length === 0) throw new UserError('no rows to score');
}

/** Whose answer is read: for messages. */
export interface Place {
  readonly what: 'gold answer' | 'answer';
  readonly row: number;
}

/** The error of what is no answer to a task: `the answer of row 2 is "REFUTES"`. */
export const unfit = ({ what, row }: Place, value: unknown, hint: string): UserError =>
  new UserError(`the ${what} of row ${row + 1} is ${JSON.stringify(value)}`, { hint });

/**
 * Answers as sums, with the score of each measure. Each family is summed once.
 *
 * @example
 * const accuracy = findMeasure('accuracy', { shape: 'one-of', labels: ['yes', 'no'] });
 * const { of, vectors } = summed([accuracy], ['yes', 'no'], ['yes', 'yes']);
 * vectors.starts.length - 1; // -> 2
 */
export function summed(measures: readonly Measure[], golds: readonly Reference[], answers: Answers): Summed {
  const families = [...new Set(measures.map((measure) => measure.family))];
  const parts = families.map((each) => each.on(golds, answers));
  const vectors = sideBySide(parts);
  // A view takes as long to make as a sum of few components to score.
  const whole = total(vectors);
  if (parts.length === 1)
    return { vectors, of: (sums) => measures.map((measure) => measure.of(sums, whole)) };
  const offsets = offsetsOf(parts);
  const placed = measures.map((measure) => {
    const at = families.indexOf(measure.family);
    const [start, end] = [offsets[at], offsets[at + 1]];
    return { measure, start, end, whole: whole.subarray(start, end) };
  });
  return {
    vectors,
    of: (sums) =>
      placed.map(({ measure, start, end, whole: all }) => measure.of(sums.subarray(start, end), all)),
  };
}

/** A score as it is reported of the rows at hand: one that is not defined counts as 0, as zero_division=0 of scikit-learn. */
export const reported = (score: number): number => (Number.isNaN(score) ? 0 : score);

/**
 * The scores of answers, in the order of the measures; 0 where one is not defined. `evaluate` tells which are not.
 *
 * @throws UserError as their families do.
 *
 * @example
 * const task = { shape: 'one-of', labels: ['yes', 'no'] } as const;
 * const measures = [findMeasure('accuracy', task), findMeasure('macro-f1', task)];
 * scores(measures, ['yes', 'no', 'no'], ['yes', 'no', null]); // -> [0.667, 0.833]
 */
export function scores(
  measures: readonly Measure[],
  golds: readonly Reference[],
  answers: Answers,
): readonly number[] {
  const { vectors, of } = summed(measures, golds, answers);
  return of(total(vectors)).map(reported);
}
