import { sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { didYouMean, nearest } from '../project/nearest.js';
import type { Row } from '../tasks/row.js';
import type { Task } from '../tasks/task.js';
import {
  type Cell,
  cellsAt,
  cellText,
  exact,
  jsonList,
  proseOf,
  type Table,
  type TableRow,
} from './formats/cells.js';
import { separatorAdvice } from './formats/delimited.js';
import { normalForm } from './normal-form.js';
import { normaliseSpace } from './text.js';

/** Which columns of a table hold the rows of a task, but for their gold. */
interface TextColumns {
  readonly id?: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  readonly keys: Readonly<Record<string, string>>;
}

interface TextOptions {
  /** Where each id stands, `FILE:LINE`: none may come twice. */
  readonly lines: Map<string, string>;
  /** Put before a line that names its row. */
  readonly stem?: string;
  /** What is to be done about an id that is none, as a sentence. */
  readonly withoutId: string;
}

/** What a table says of a row, but for its gold. */
interface RowTexts extends Pick<Row, 'id' | 'texts' | 'keys'> {
  /** The first field as the file has it, which offsets count in. */
  readonly first: string;
}

/**
 * Reads a table's rows as those of a task: a row is named by its id, else by its line; a key without a column is a hash of
 * the text of the field of its name, where there is one, in normal form.
 *
 * @returns a function to be called with the rows in their order.
 * @throws UserError naming file, line and column: of a column that is not there; then of an id that is empty or comes twice, a
 *   text that is missing or none, or a key with more values than one.
 */
export function tableTexts(
  table: Table,
  task: Task,
  columns: TextColumns,
  { lines, stem = '', withoutId }: TextOptions,
): (row: TableRow) => RowTexts {
  const { file } = table;
  const column = (name: string) => columnOf(table, name);
  const id = columns.id === undefined ? undefined : column(columns.id);
  const fields = Object.entries(task.fields).map(([field, { optional }]) => {
    const name = columns.fields[field];
    return { field, optional, name, cell: name === undefined ? undefined : column(name) };
  });
  const keys = Object.entries(task.keys).map(([key, stored]) => {
    const name = columns.keys[key];
    return {
      key,
      stored,
      several: stored.endsWith('Ids'),
      name,
      cell: name === undefined ? undefined : column(name),
    };
  });
  return (row) => {
    const { line } = row;
    const flaw = (field: string, message: string, hint: string) =>
      new UserError(message, { at: { file, line, field }, hint });
    for (const { name, cell } of [...fields, ...keys])
      if (name !== undefined && cell) checkKey(table, row, name, cell(row));
    const named = id
      ? normaliseSpace(exact(id(row), { file, line, field: columns.id ?? '' }).text)
      : `${stem}${line}`;
    if (named === '') throw flaw(columns.id ?? '', 'empty', withoutId);
    const first = lines.get(named);
    if (first !== undefined)
      throw flaw(columns.id ?? '', `row ${named} is given twice, first in ${first}`, withoutId);
    lines.set(named, `${file}:${line}`);
    const texts = fields.map(({ field, optional, name, cell }): [string, string] => {
      const text = cell ? normaliseSpace(proseOf(cell(row), { file, line, field: name ?? field })) : '';
      if (text === '' && !optional)
        throw flaw(name ?? field, 'empty', `The field ${field} of ${task.name} may not be empty.`);
      return [field, text];
    });
    const textOf = new Map(texts);
    return {
      id: named,
      first: fields[0]?.cell?.(row).text ?? '',
      keys: Object.fromEntries(
        keys.map(({ key, stored, several, name, cell }) => {
          if (!cell) return [key, textKey(textOf.get(key))];
          const values = keyValues(exact(cell(row), { file, line, field: name ?? key }), several);
          if (values.length > 1 && !several)
            throw flaw(
              name ?? key,
              `${values.length} values: ${values.join(' and ')}`,
              `A row of ${task.name} has one ${key}; where it may have several, call it ${stored}s in data/tasks.yaml.`,
            );
          return [key, values];
        }),
      ),
      texts: Object.fromEntries(texts),
    };
  };
}

/** @throws UserError naming the nearest, where there is no such column. */
export function columnOf(table: Table, name: string): (row: TableRow) => Cell {
  const cells = cellsAt(table, name);
  if (cells) return cells;
  const advice = table.columns.length === 1 ? separatorAdvice(table.columns[0] ?? '') : undefined;
  throw new UserError(`no such column; the file has ${listed(table.columns)}`, {
    at: { file: table.file, line: 1, field: name },
    hint: `${advice ? `Its first line has ${advice}` : didYouMean(name, table.columns)} Which are read is told under \`columns\` of the data set in data/datasets.yaml.`,
  });
}

/**
 * Refuses a row of JSON that lacks a key which others have, where it has one instead that looks misspelt: what is not
 * found would be taken for nothing.
 *
 * @param needed whether it is refused without such a one too.
 * @throws UserError naming what may be meant.
 */
export function checkKey(table: Table, row: TableRow, name: string, cell: Cell, needed = false): void {
  if (cell.value !== undefined || row.values.length === 0) return;
  const own = table.columns.flatMap((column, at) => (row.values[at] === undefined ? [] : [{ column, at }]));
  const counts = timesGiven(table);
  const rare = own.filter(({ at }) => 2 * (counts[at] ?? 0) < table.rows.length);
  const near = nearest(
    name,
    rare.map(({ column }) => column),
  );
  if (near === undefined && !needed) return;
  throw new UserError('the row has no such key', {
    at: { file: table.file, line: row.line, field: name },
    hint: `${near === undefined ? `It has ${listed(own.map(({ column }) => column))}.` : `Did you mean "${near}"?`} Where a row has nothing there, write null.`,
  });
}

const counted = new WeakMap<Table, readonly number[]>();

/** In how many rows each column of a table is given; counted once. */
function timesGiven(table: Table): readonly number[] {
  const known = counted.get(table);
  if (known) return known;
  const counts = table.columns.map(() => 0);
  for (const { values } of table.rows)
    for (const [at, value] of values.entries()) if (value !== undefined) counts[at] = (counts[at] ?? 0) + 1;
  counted.set(table, counts);
  return counts;
}

/** Names as a sentence can hold them. */
const listed = (names: readonly string[]) =>
  [...names.slice(0, 30), ...(names.length > 30 ? [`${names.length - 30} more`] : [])].join(', ');

/**
 * The values of a key: a list, its JSON, or the ids of a text, if `,`, `;` or `|` part it into words of one form such as
 * `b2, b1`; of a key that may have several values also all else that `|` parts.
 */
function keyValues({ text, value }: Cell, several: boolean): readonly string[] {
  const list = Array.isArray(value) ? value : jsonList(text);
  if (list) return cleaned(list.map(cellText));
  const parts = cleaned(text.split(/[,;|]/));
  const forms = new Set(parts.map((part) => part.replace(/\p{L}+/gu, 'a').replace(/\p{N}+/gu, '0')));
  const [form = ''] = forms;
  if (forms.size === 1 && /^\S*0\S*$/.test(form)) return parts;
  return cleaned(several ? text.split('|') : [text]);
}

const cleaned = (values: readonly string[]) => values.map(normaliseSpace).filter(Boolean);

/** What rows of one text share where no column tells: a hash of its normal form; nothing of a text that has none. */
export function textKey(text = ''): readonly string[] {
  const normal = normalForm(text);
  return normal === '' ? [] : [sha256(normal).slice(0, 16)];
}
