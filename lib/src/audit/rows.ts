import { UserError } from '../project/error.js';
import { alternatives } from '../project/nearest.js';
import { type Gold, labelled, type Row } from '../tasks/row.js';

/** A row of one's own: `{ id: '1', label: 'yes', claim: '...', evidence: '...' }`. All but id and label are its texts. @internal */
export interface PlainRow {
  /** Unique within its part. */
  readonly id: string;
  readonly label: string;
  readonly [field: string]: string;
}

/** What the audit takes as a row. */
export type AuditRow = Row | PlainRow;

/** A row whose gold is a label. */
export type LabelledRow = Row<string>;

export function asRow(row: AuditRow): Row {
  if (isRow(row)) return row;
  const { id, label, ...texts } = row;
  return { id, gold: label, keys: {}, texts };
}

const isRow = (row: AuditRow): row is Row => typeof row['texts'] === 'object';

/** Rows to learn from and to try on, whatever is right for them put as a label. */
export interface Labelled {
  readonly train: readonly LabelledRow[];
  readonly test: readonly LabelledRow[];
  /** Where they were made here, in their order. */
  readonly labels?: readonly string[];
  /** How they were made, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Puts what is right for rows as labels. Labels stay, unless one is the `target`, which is then told from the rest; of
 * sets of labels there must be such a one. Numbers become low, middle and high: thirds of the training rows.
 *
 * @throws UserError for sets of labels without a target, a target that no training row has, and for rows that ask for
 *   spans or texts.
 */
export function labelledRows(train: readonly Row[], test: readonly Row[], target?: string): Labelled {
  const golds = [...train, ...test].map(({ gold }) => gold);
  if (golds.every((gold) => typeof gold === 'number')) return inThirds(train, test);
  if (golds.every(isLabelSet)) return againstRest(train, test, target);
  if (target !== undefined && golds.every((gold) => typeof gold === 'string'))
    return againstRest(train, test, target);
  if (golds.some((gold) => typeof gold === 'object'))
    throw new UserError('rows that ask for spans or texts have no labels that a shortcut could tell', {
      hint: 'An audit takes rows of one label each, of sets of labels, or of numbers.',
    });
  return { train: labelled(train), test: labelled(test), notes: [] };
}

const isLabelSet = (gold: Gold): gold is readonly string[] =>
  Array.isArray(gold) && gold.every((each: unknown) => typeof each === 'string');

function againstRest(train: readonly Row[], test: readonly Row[], target: string | undefined): Labelled {
  const has = ({ gold }: Row, label: string) => gold === label || (isLabelSet(gold) && gold.includes(label));
  const known = [...new Set(train.flatMap(({ gold }) => (isLabelSet(gold) ? gold : String(gold))))].sort();
  if (target === undefined)
    throw new UserError('rows have sets of labels', {
      hint: `Say which is to be told from the rest (target, or --target LABEL). ${alternatives('', known, 'Labels')}`,
    });
  if (!known.includes(target)) {
    const several = target.split(/[,;|]/).map((part) => part.trim());
    throw new UserError(`no row to learn from has the label "${target}"`, {
      hint:
        several.length > 1 && several.some((part) => known.includes(part))
          ? `One label is told from the rest at a time. ${alternatives('', known, 'Labels')}`
          : alternatives(target, known, 'labels'),
    });
  }
  const rest = `not ${target}`;
  const put = (rows: readonly Row[]) =>
    rows.map((row) => ({ ...row, gold: has(row, target) ? target : rest }));
  const note = `The label "${target}" is told from the rest: rows without it are "${rest}".`;
  return { train: put(train), test: put(test), labels: [target, rest], notes: [note] };
}

function inThirds(train: readonly Row[], test: readonly Row[]): Labelled {
  const numbers = train.map(({ gold }) => Number(gold)).sort((a, b) => a - b);
  const third = (part: number) => numbers[Math.floor((part * numbers.length) / 3)] ?? 0;
  // Where many numbers are equal, a third may be empty.
  const ends = [...new Set([third(1), third(2)])].filter((end) => end > (numbers[0] ?? 0));
  const labels = ends.length === 2 ? ['low', 'middle', 'high'] : ['low', 'high'].slice(0, ends.length + 1);
  const put = (rows: readonly Row[]) =>
    rows.map((row) => ({
      ...row,
      gold: labels[ends.filter((end) => Number(row.gold) >= end).length] ?? '',
    }));
  const named = labels.map((label, index) =>
    index < ends.length ? `${label} (below ${ends[index]})` : `${label} (the others)`,
  );
  const notes = [`Numbers are audited in thirds of the training rows: ${named.join(', ')}.`];
  return { train: put(train), test: put(test), labels, notes };
}
