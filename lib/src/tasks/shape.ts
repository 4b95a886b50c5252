import type { Gold, Row, Span } from './row.js';

/**
 * What a system answers: as gold is, but for the shape `text`, where it is what its measures make of the text, since the
 * text itself is kept outside records. No answer is null.
 */
export type Answer = string | number | readonly string[] | readonly Span[] | Readonly<Record<string, number>>;

/** The words in which answers are written for a model, as a prompt says. */
export interface AnswerWords {
  /** By label or type; one without a word is its own. */
  readonly answers: Readonly<Record<string, string>>;
  /** Written where there is nothing to name. */
  readonly none: string;
}

/** All that differs between tasks by the form of their answers. A file for each shape makes it of a task. */
export interface Shape {
  /** What gold is called in a facts record; undefined where it is text, which is no fact. */
  readonly stored: 'label' | 'labels' | 'value' | 'spans' | undefined;
  /** What an encoder gets on top: a softmax over labels, a sigmoid a label, a number, or a tag a token. */
  readonly head: 'softmax' | 'sigmoid' | 'regression' | 'tagger' | undefined;
  /** Whether a generated answer counts as a whole alone: of one that its limit cuts off, the rest might change it. */
  readonly whole: boolean;
  /** Strings that end a generated answer: what comes after is no part of it. */
  readonly stops: readonly string[];
  /** As a note of a table has it: what rows without an answer count as in its measures, and what texts lack that are none. */
  readonly unanswered: { readonly counts: string; readonly lacks: string };
  /** Its measures by id, the main one first. */
  readonly measures: readonly string[];
  /** Classes of gold that samples keep in proportion and shown examples take in turn; none where it has no classes. */
  readonly strata: readonly string[];
  /** Answers of one label or type alone, each in turn, and that of none where it is one; empty where there are no labels. */
  readonly named: readonly Gold[];
  /** The class of a gold answer; the empty string where it has none. */
  stratum(gold: Gold): string;
  /** Gold of a cell's text or a value of JSON. @throws Error saying what is wrong with it. */
  gold(value: unknown): Gold;
  /** The gold answer of a row as a model is to write it. @throws Error where it is no answer, or not of the row's text. */
  write(row: Row, words: AnswerWords): string;
  /** What a model's text answers; undefined where it does not keep to the form. Of the shape `text` the text itself. */
  read(
    text: string,
    row: Pick<Row, 'texts'>,
    words: AnswerWords,
  ): Exclude<Answer, Readonly<Record<string, number>>> | undefined;
}

/** The word that stands for a label or type. */
export const wordOf = (label: string, { answers }: AnswerWords): string =>
  (Object.hasOwn(answers, label) ? answers[label] : undefined) ?? label;

/** A word as a pattern: it stands alone, in any case. */
export const asWord = (word: string): RegExp =>
  new RegExp(String.raw`(?<![\p{L}\p{N}])${literal(word)}(?![\p{L}\p{N}])`, 'iu');

/** A text as a pattern that matches it alone. */
export const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
