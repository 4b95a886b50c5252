import { type Location, UserError } from '../project/error.js';
import { alternatives } from '../project/nearest.js';
import type { Gold, Row } from '../tasks/row.js';
import type { Task } from '../tasks/task.js';
import { cellsAt, type Table, type TableRow } from './formats/cells.js';
import { readTable, type TableFormat } from './formats/table.js';
import { readGold } from './gold.js';
import { shortened } from './label-forms.js';
import { tableTexts } from './table-texts.js';
import { findGoldColumn, refuseStray, repeatedIds, rowColumns, type ToldColumns } from './task-columns.js';
import { normaliseSpace } from './text.js';

/** A row of a file of the user's own. */
export interface OwnRow extends Pick<Row, 'id' | 'texts' | 'keys'> {
  /** That it begins on, counted from 1; of JSON which object it is. */
  readonly line: number;
  /** Where the file has it. */
  readonly gold?: Gold;
}

/** The rows of a file, and how they were read. */
export interface OwnRows {
  readonly rows: readonly OwnRow[];
  /** What was read from which column, and what a reader should know besides, as sentences. */
  readonly notes: readonly string[];
}

export interface OwnRowsOptions {
  /** By field or key of the task, `gold` or `id`; those not told are found by name. */
  readonly columns?: ToldColumns;
  /** What the file calls labels, and what the task does. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Default: by the file's ending, else as it is written. */
  readonly format?: TableFormat | undefined;
  readonly header?: boolean;
  /** Only so many rows, from the first. */
  readonly limit?: number | undefined;
}

/**
 * Reads rows that a model is to be asked about from CSV, TSV, JSON Lines or JSON, packed by gzip or not. They need the
 * texts of their task alone. A gold column that is found by name but holds other words than the task's labels is left
 * aside, with a note.
 *
 * @param file what errors call it; its ending says how it is written.
 * @throws UserError naming file, line and column: as `readTable` and `tableTexts`, for columns that cannot be told, and for
 *   gold in a column that was told.
 */
export function readOwnRows(
  bytes: Uint8Array,
  file: string,
  task: Task,
  { columns: told = {}, labels, format, header, limit }: OwnRowsOptions = {},
): OwnRows {
  const whole = readTable(bytes, file, { guess: true, format, header });
  const table = { ...whole, rows: whole.rows.slice(0, limit) };
  refuseStray(task, told);
  const fields = Object.keys(task.fields);
  const named = findGoldColumn(table, told);
  const own = named !== undefined && (told['gold'] !== undefined || !fields.includes(named));
  const columns = rowColumns(table, task, told, own ? [named] : []);
  const textsOf = tableTexts(table, task, columns, {
    lines: new Map(),
    withoutId: 'Without --columns id=COLUMN, rows are named by their line.',
  });
  const texts = table.rows.map((row) => ({ row, ...textsOf(row) }));
  const { golds, note } = own
    ? goldsOf(table, task, named, { words: labels, told: told['gold'] !== undefined, texts })
    : { golds: [], note: undefined };
  const from = [
    ...Object.entries({ id: columns.id ?? 'the line', ...columns.fields }),
    ...(golds.length > 0 && named !== undefined ? [['gold', named] as const] : []),
  ];
  return {
    rows: texts.map(({ row, first: _, ...each }, index) => {
      const gold = golds[index];
      return { ...each, line: row.line, ...(gold !== undefined && { gold }) };
    }),
    notes: [
      ...table.notes,
      `${file}: ${from.map(([what, column]) => `${what} from ${what === 'id' && !columns.id ? column : `"${shortened(column)}"`}`).join(', ')}`,
      ...repeatedIds(table, columns),
      ...(note === undefined ? [] : [note]),
    ],
  };
}

/**
 * A row that is told text by text, as `FIELD=TEXT`.
 *
 * @throws UserError for what is told otherwise, a field that the task has not, with the nearest, and one that is missing.
 */
export function ownRow(told: readonly string[], task: Task): OwnRow {
  const fields = Object.keys(task.fields);
  const pairs = told.map((each): [string, string] => {
    const [, field, text = ''] = /^([\w-]+)=([\s\S]*)$/.exec(each) ?? [];
    if (field === undefined)
      throw new UserError(`"${shortened(each)}" is no FIELD=TEXT`, {
        hint: 'Put quotes around a text that holds a space: claim="Tea lengthens sleep."',
      });
    if (fields.includes(field)) return [field, normaliseSpace(text)];
    throw new UserError(`the task ${task.name} has no field "${field}"`, {
      hint: alternatives(field, fields),
    });
  });
  const texts = Object.fromEntries(pairs);
  const missing = Object.entries(task.fields).find(([field, { optional }]) => !optional && !texts[field]);
  if (missing)
    throw new UserError(`no ${missing[0]} is given`, {
      hint: `A row of ${task.name} has ${fields.join(' and ')}.`,
    });
  return { id: '1', line: 1, texts, keys: {} };
}

interface GoldReading {
  readonly words: Readonly<Record<string, string>> | undefined;
  /** Whether the user named the column. */
  readonly told: boolean;
  readonly texts: readonly { readonly row: TableRow; readonly first: string }[];
}

/** Gold by row; none of a row without, and of no row where a column that nobody named holds something else. */
function goldsOf(table: Table, task: Task, column: string, { words, told, texts }: GoldReading) {
  const cellOf = cellsAt(table, column);
  const wordsToldAt = `What the file calls a label is told by --labels WORD=${'labels' in task ? task.labels[0] : 'LABEL'}.`;
  // No label of a set, and no span, is an answer; elsewhere nothing is.
  const emptyIsGold = task.shape === 'some-of' || task.shape === 'spans';
  try {
    const golds = texts.map(({ row, first }) => {
      const at: Location = { file: table.file, line: row.line, field: column };
      const value = cellOf?.(row).value;
      const empty = value === null || value === undefined || String(value).trim() === '';
      if (empty && !emptyIsGold) return undefined;
      return readGold(task, value, at, { words, text: first, wordsToldAt });
    });
    return { golds, note: undefined };
  } catch (error) {
    if (told || words !== undefined || !(error instanceof UserError)) throw error;
    return {
      golds: [],
      note: `${table.file}: the column "${shortened(column)}" is not read as gold (line ${error.at.line}: ${error.reason}); if it is, say --columns gold=${column}${'labels' in task ? ' and --labels' : ''}`,
    };
  }
}
