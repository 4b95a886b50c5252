import { clustersOf, linkedByText } from '../datasets/group.js';
import { targetsOf } from '../learners/targets.js';
import type { Texts } from '../learners/text-classifier.js';
import type { Clusters } from '../metrics/resampling/clusters.js';
import { UserError } from '../project/error.js';
import { type Row, textOf } from '../tasks/row.js';
import { type AuditRow, asRow, type LabelledRow, labelledRows } from './rows.js';
import { severalOf } from './wording.js';

/** A dataset to audit: rows that a model would learn from, and rows it would be tried on. */
export interface AuditData {
  /**
   * The texts of a row that are audited: what is asked of (a claim, a question), and, of rows of two texts, what it is
   * asked with (evidence, a context).
   */
  readonly fields: readonly string[];
  /** All labels, in the order of every table; a label may be missing from either part. */
  readonly labels: readonly string[];
  readonly train: readonly LabelledRow[];
  readonly test: readonly LabelledRow[];
  /** What a reader should know of how the rows were taken, a sentence each. */
  readonly notes: readonly string[];
}

export interface DataOptions {
  /** One or two texts of the rows, what is asked of first. Default: those that training rows have, the first two. */
  readonly fields?: readonly string[];
  /** Default: those that occur, in code-unit order. */
  readonly labels?: readonly string[];
  /** The label that is told from the rest: needed of rows with sets of labels. */
  readonly target?: string;
}

/** What is measured beside single fields. */
const TAKEN = ['pair', 'both'];

/**
 * A dataset of rows. A field that no training row has a text of is left out.
 *
 * @throws UserError where a part has no rows, an id occurs twice in a part, a label is not among those given, there are
 *   fewer than two, or the rows have no such labels (`labelledRows`) or texts.
 */
export function auditData(
  train: readonly AuditRow[],
  test: readonly AuditRow[],
  { fields, labels, target }: DataOptions = {},
): AuditData {
  const given = labelledRows(train.map(asRow), test.map(asRow), target);
  const found = new Set<string>();
  for (const [part, rows] of [
    ['train', given.train],
    ['test', given.test],
  ] as const) {
    if (rows.length === 0) throw new UserError(`there are no rows in the ${part} part`);
    const ids = new Set<string>();
    for (const { id, gold } of rows) {
      if (ids.has(id)) {
        throw new UserError(`the id ${id} occurs twice in the ${part} part`, {
          hint: 'Give every row an id of its own.',
        });
      }
      ids.add(id);
      if (labels && !labels.includes(gold)) {
        throw new UserError(`the label of row ${id} of the ${part} part is ${JSON.stringify(gold)}`, {
          hint: `The labels are ${labels.join(', ')}.`,
        });
      }
      found.add(gold);
    }
  }
  const all = labels ?? given.labels ?? [...found].sort();
  if (all.length < 2) throw new UserError(`every row is labelled ${all[0]}: there is nothing to tell apart`);
  const texts = fieldsIn(given.train, fields);
  const audited = texts.slice(0, 2);
  const more = `Of the texts ${texts.join(', ')} the first two are audited: ${audited.join(' and ')}.`;
  const notes = [...given.notes, ...(texts.length > 2 ? [more] : [])];
  return { ...given, fields: audited, labels: all, notes };
}

/** The fields that any row has a text of. */
function fieldsIn(rows: readonly Row[], wanted: readonly string[] | undefined): readonly string[] {
  const known = [...new Set(rows.flatMap(({ texts }) => Object.keys(texts)))];
  const strange =
    wanted?.find((field) => !known.includes(field)) ?? known.find((name) => TAKEN.includes(name));
  if (strange !== undefined) {
    throw new UserError(
      TAKEN.includes(strange) ? `a text cannot be called ${strange}` : `rows have no text "${strange}"`,
      { hint: `They have ${known.join(', ')}.` },
    );
  }
  const fields = (wanted ?? known).filter((field) => rows.some((row) => textOf(row, field) !== ''));
  if (fields.length === 0) throw new UserError('no row to learn from has a text');
  return fields;
}

/** The label of each row as its index in `labels`. */
export const goldOf = (rows: readonly LabelledRow[], labels: readonly string[]): Int32Array =>
  targetsOf(
    rows.map(({ gold }) => gold),
    labels,
  );

/** What a classifier reads: a field, or `both`. What can be told from one of two alone is told for a wrong reason. */
export type Input = string;

/** The fields that an input is of. */
export const readBy = (input: Input, fields: readonly string[]): readonly string[] =>
  input === 'both' ? fields : [input];

/** The texts of rows by field, as classifiers take them. */
export const textsOf = (rows: readonly Row[], fields: readonly string[]): Texts =>
  fields.map((field) => rows.map((row) => textOf(row, field)));

/**
 * Rows linked by a text (in normal form) or a key, such as a claim's id or a document, directly or through others, as the
 * clusters to draw whole. Where that puts more than half of the rows in one cluster, there is nothing left to draw. Then rows
 * that share a key which is none of the texts are a cluster, such as those of a patient, however few that makes: what is told
 * to be linked is so. Without such keys rows of one second text (evidence) are a cluster, or if that puts most in one, too,
 * those of one first (claim), or else rows whose texts are all the same.
 */
export function clustersAmong(rows: readonly Row[], fields: readonly string[]): Clusters {
  const [first = '', second] = fields;
  const others = Object.keys(rows[0]?.keys ?? {}).filter((key) => !fields.includes(key));
  const names = [...fields, ...others].map((each) => severalOf(each, fields));
  return clustersOf(linkedByText(rows, fields), [
    ['all', `groups of rows linked by ${names.join(' or ')}`, 1 / 2],
    ...others.map((key) => [key, `groups of rows of one ${key}`] as const),
    ...(second === undefined ? [] : [[second, `groups of rows of one ${second}`, 1 / 2] as const]),
    [first, severalOf(first, fields), 1 / 2],
    ['row', 'groups of rows of the same texts'],
  ]);
}

/** Groups of linked rows below which there is no interval and no test: they tell nothing of other groups. */
export const LEAST_GROUPS = 10;

/**
 * Equal groups that groups are worth (`effectiveClusters`), below which there is no interval and no test of labels that agree.
 * Where groups agree as a whole or not at all, Student's t over unequal groups rejects 15 of 100 true nulls at 5 % where these are
 * worth 5, 12 where they are worth 10, 9 of 18 and 5 to 7 of 30 or more (lib/test/reference/unequal_groups.json).
 */
export const LEAST_WORTH = 10;

/** How many clusters there are, where they are too few to tell anything of others; undefined where they are enough. */
export function tooFew({ keys }: Clusters): number | undefined {
  const groups = new Set(keys).size;
  return groups < LEAST_GROUPS ? groups : undefined;
}
