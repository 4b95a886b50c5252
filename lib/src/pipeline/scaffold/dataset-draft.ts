import { basename } from 'node:path';
import { columnsLike } from '../../datasets/formats/columns.js';
import { readTable, type Table, type TableFormat } from '../../datasets/formats/table.js';
import { doubtfulLabels } from '../../datasets/label-forms.js';
import { read } from '../../datasets/readers/table.js';
import {
  cellsOf,
  goldColumn,
  omissions,
  type ProposedColumns,
  proposeColumns,
  type ToldColumns,
} from '../../datasets/task-columns.js';
import { readBytes } from '../../datasets/text.js';
import { UserError } from '../../project/error.js';
import type { Paths } from '../../project/paths.js';
import type { Row } from '../../tasks/row.js';
import { namedBy, type ShapeName, type Task } from '../../tasks/task.js';
import { type GuessedAnswers, guessAnswers } from './answer-shape.js';
import { type Draft, datasetEntry, releaseFiles } from './draft.js';
import { labelWords } from './label-words.js';
import { keyNames, outlinedTask, taskEntries } from './task-draft.js';

/** What is told of a new data set. */
export interface DatasetOutline {
  readonly name: string;
  /** Its file, or by split its files. */
  readonly files: Readonly<Record<string, string>>;
  /** Default: a new one of the data set's name, as the file looks. */
  readonly task?: Task | undefined;
  readonly shape?: ShapeName | undefined;
  /** The fields of a new task, as columns. */
  readonly fields?: readonly string[] | undefined;
  /** What rows of a new task may share; their columns are told by `columns`. */
  readonly keys?: readonly string[] | undefined;
  readonly columns: ToldColumns;
  /** What the file calls labels, and what the task does. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly format?: TableFormat | undefined;
  readonly header?: boolean | undefined;
}

/** A data set drafted, with its rows by split, already read as its entry says. */
export interface DatasetDraft extends Draft {
  readonly task: Task;
  readonly isNewTask: boolean;
  readonly columns: ProposedColumns;
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  /** What a reader should know of how the files were read. */
  readonly notes: readonly string[];
}

/**
 * Drafts the entry of a data set after a look at its file, and reads the file by it.
 *
 * @throws UserError as `readTable`, for columns that cannot be told, labels that the task has not, and rows that cannot
 *   be read.
 */
export async function draftDataset(outline: DatasetOutline, paths: Paths): Promise<DatasetDraft> {
  const { name, labels: told = {}, format, header } = outline;
  const files = Object.entries(outline.files).map(([split, path]) => {
    const bytes = Buffer.from(readBytes(path));
    const file = basename(path)
      .replace(/[^\w.-]/g, '-')
      .replace(/^[^a-z0-9]+/i, '');
    return {
      split,
      path,
      bytes,
      file,
      table: readTable(bytes, path, { format, header: header ?? true, guess: true }),
    };
  });
  const [first] = files;
  if (!first) throw new UserError('no file is named');
  const answers = guessAnswers(
    first.table,
    goldColumn(first.table, outline.columns),
    outline.task?.shape ?? outline.shape,
    [...Object.keys(told), ...(outline.task ? namedBy(outline.task) : Object.values(told))],
  );
  const task = outline.task ?? newTask(outline, first.table, answers);
  const columns = proposeColumns(
    first.table,
    task,
    outline.task ? outline.columns : withFields(outline, task, first.table),
    outline.task ? undefined : (key) => `For a new key, add --keys ${key}.`,
  );
  const labels = labelWords(task, answers.labels ?? [], told, { table: first.table, gold: columns.gold });
  const table = {
    ...((format ?? first.table.format) && { format: format ?? first.table.format }),
    ...(header === false && { header }),
    ...(first.table.separator !== undefined && { separator: first.table.separator }),
  };
  const entry = {
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(table).length > 0 && { table }),
  };
  const rows: Record<string, readonly Row[]> = {};
  for (const { split, path, bytes } of files) {
    const request = { dataset: name, build: 'rows', seed: undefined, split, task };
    rows[split] = await read({ ...request, files: [{ path, bytes }], entry: { columns, ...entry } });
  }
  const written = {
    reader: 'table',
    columns: { ...columns, keys: Object.keys(columns.keys).length > 0 ? columns.keys : undefined },
    ...entry,
  };
  const comments = {
    'columns.id': 'Left out: rows are named by their line.',
    'columns.keys':
      'What rows share. A key that is left out is made from the text of the field of its name, if there is one.',
    labels: 'What the file calls them, and what the task does.',
  };
  const flat = ['columns.fields', 'columns.keys', 'table'];
  return {
    task,
    isNewTask: outline.task === undefined,
    columns,
    rows,
    notes: [
      ...files.flatMap((file) => file.table.notes),
      ...omissions(first.table, task, columns),
      ...doubtfulAnswers(task, rows),
    ],
    entries: [
      ...(outline.task ? [] : taskEntries(task, paths)),
      datasetEntry(name, task.name, files, written, { comments, flat }, paths),
    ],
    files: releaseFiles(name, files, paths),
  };
}

/** What is odd about the labels of rows. */
function doubtfulAnswers({ shape }: Task, rows: Readonly<Record<string, readonly Row[]>>): readonly string[] {
  if (shape !== 'one-of') return [];
  const counts = new Map<string, number>();
  for (const { gold } of Object.values(rows).flat())
    counts.set(String(gold), (counts.get(String(gold)) ?? 0) + 1);
  return doubtfulLabels(counts);
}

/** A task that a table looks like. */
function newTask(
  outline: DatasetOutline,
  table: Table,
  { shape, labels, range, digits }: GuessedAnswers,
): Task {
  const told = Object.values(outline.labels ?? {});
  const has = (key: string, role: 'document' | 'claimId') =>
    columnsLike(table.columns, role).length > 0 ? { [key]: `${key}Id` } : {};
  return outlinedTask({
    name: outline.name,
    shape,
    labels: told.length > 0 ? [...new Set(told)] : labels,
    // Offsets count in one text.
    fields: fieldColumns(outline, table)
      .slice(0, shape === 'spans' ? 1 : undefined)
      .map(fieldName),
    keys: { ...has('document', 'document'), ...keyNames(outline.keys) },
    range,
    digits,
  });
}

/** The columns of a new task's fields, by their names in it. */
function withFields(outline: DatasetOutline, task: Task, table: Table): ToldColumns {
  const columns = fieldColumns(outline, table);
  return {
    ...Object.fromEntries(Object.keys(task.fields).map((field, at) => [field, columns[at] ?? ''])),
    ...outline.columns,
  };
}

/** The columns with the texts of rows: as told, else known by name, else those whose cells have several words. */
function fieldColumns({ fields, columns }: DatasetOutline, table: Table): readonly string[] {
  const gold = goldColumn(table, columns);
  const others = (names: readonly string[]) => names.filter((name) => name !== gold);
  if (fields) return fields;
  const [asked] = others(columnsLike(table.columns, 'claim'));
  const [given] = others(columnsLike(table.columns, 'evidence')).filter((column) => column !== asked);
  const known = [asked, given].flatMap((column) => column ?? []);
  // Of sentence1 and sentence2 neither is what is asked of.
  if (known.length > 0) return known.every((column) => /[12ab]$/i.test(column)) ? known.toSorted() : known;
  const wordy = others(table.columns).filter((column) => {
    const cells = cellsOf(table, column);
    return cells.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0) > 3 * cells.length;
  });
  if (wordy.length > 0) return wordy.slice(0, 2);
  throw new UserError('which columns hold the texts cannot be told from the names', {
    at: { file: table.file },
    hint: `Name them with --fields COLUMN,COLUMN. The file has: ${table.columns.join(', ')}.`,
  });
}

/** A column's name as a field's: `Case Note` is `caseNote`. */
function fieldName(column: string): string {
  const words = column.split(/[^a-zA-Z0-9]+/).filter(Boolean);
  const name = words
    .map((word) => (word === word.toUpperCase() ? word.toLowerCase() : word))
    .map(
      (word, at) => (at === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1),
    )
    .join('');
  return /^[a-z]/.test(name) ? name : `text${name}`;
}
