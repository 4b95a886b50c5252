import { basename, extname } from 'node:path';
import { sha256 } from '../../project/digest.js';
import { UserError } from '../../project/error.js';
import { didYouMean } from '../../project/nearest.js';
import type { Row } from '../../tasks/row.js';
import {
  type Cell,
  cellsAt,
  cellText,
  exact,
  jsonList,
  proseOf,
  type Table,
  type TableRow,
} from '../formats/cells.js';
import { separatorAdvice } from '../formats/delimited.js';
import { readTable } from '../formats/table.js';
import { readGold } from '../gold.js';
import { normalForm } from '../normal-form.js';
import type { Reader, ReaderRequest } from '../reader.js';
import type { ReleaseBytes } from '../release.js';
import { normaliseSpace } from '../text.js';

/**
 * CSV, TSV, JSON Lines or JSON under named columns, as the entry's `columns`, `labels` and `table` say. A row is named by
 * its id, else by its line (of several files by file and line). A key without a column is a hash of the text of the
 * field of its name, where there is one, in normal form: what the audit takes for the same text is then on one side of a
 * split.
 */
export const read: Reader = (request) => {
  const lines = new Map<string, string>();
  return request.files.flatMap((file) => rowsOf(file, request, lines));
};

function rowsOf(
  { path: file, bytes }: ReleaseBytes,
  { dataset, split, files, task, entry }: ReaderRequest,
  lines: Map<string, string>,
): readonly Row[] {
  const { columns, labels: words } = entry;
  if (!columns) throw new UserError(`the entry of ${dataset} in data/datasets.yaml has no columns`);
  const table = readTable(bytes, file, entry.table);
  const column = (name: string) => columnOf(table, name);
  const id = columns.id === undefined ? undefined : column(columns.id);
  const gold = typeof columns.gold === 'string' ? column(columns.gold) : flags(table, columns.gold);
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
  const stem = files.length > 1 ? `${basename(file, extname(file))}.` : '';
  return table.rows.map((row) => {
    const { line } = row;
    const flaw = (field: string, message: string, hint: string) =>
      new UserError(message, { at: { file, line, field }, hint });
    const named = id
      ? normaliseSpace(exact(id(row), { file, line, field: columns.id ?? '' }).text)
      : `${stem}${line}`;
    const byLine = 'Without `columns.id` in data/datasets.yaml, rows are named by their line.';
    if (named === '') throw flaw(columns.id ?? '', 'empty', byLine);
    const first = lines.get(named);
    if (first !== undefined)
      throw flaw(columns.id ?? '', `row ${named} is given twice, first in ${first}`, byLine);
    lines.set(named, `${file}:${line}`);
    const texts = fields.map(({ field, optional, name, cell }): [string, string] => {
      const text = cell ? normaliseSpace(proseOf(cell(row), { file, line, field: name ?? field })) : '';
      if (text === '' && !optional)
        throw flaw(name ?? field, 'empty', `The field ${field} of ${task.name} may not be empty.`);
      return [field, text];
    });
    const textOf = new Map(texts);
    const at = { file, line, field: [columns.gold].flat().join(', ') };
    return {
      id: `${dataset}:${split}:${named}`,
      gold: readGold(task, gold(row).value, at, {
        words,
        text: fields[0]?.cell?.(row).text ?? '',
        offsets: entry.table?.offsets,
      }),
      keys: Object.fromEntries(
        keys.map(({ key, stored, several, name, cell }) => {
          if (!cell) return [key, hashed(normalForm(textOf.get(key) ?? ''))];
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
  });
}

/** @throws UserError naming the nearest, where there is no such column. */
function columnOf(table: Table, name: string): (row: TableRow) => Cell {
  const cells = cellsAt(table, name);
  if (cells) return cells;
  const advice = table.columns.length === 1 ? separatorAdvice(table.columns[0] ?? '') : undefined;
  throw new UserError(`no such column; the file has ${listed(table.columns)}`, {
    at: { file: table.file, line: 1, field: name },
    hint: `${advice ? `Its first line has ${advice}` : didYouMean(name, table.columns)} Which are read is told under \`columns\` of the data set in data/datasets.yaml.`,
  });
}

/** Names as a sentence can hold them. */
const listed = (names: readonly string[]) =>
  [...names.slice(0, 30), ...(names.length > 30 ? [`${names.length - 30} more`] : [])].join(', ');

/** Labels of a set that have a column each, as the list of those whose cell says so. */
function flags(table: Table, names: readonly string[]): (row: TableRow) => Cell {
  const columns = names.map((name) => ({ name, cell: columnOf(table, name) }));
  return (row) => {
    const set = columns.filter(({ name, cell }) => {
      const said = cell(row).text.trim();
      if (/^(?:1(?:\.0)?|true)$/i.test(said)) return true;
      if (/^(?:0(?:\.0)?|false|)$/i.test(said)) return false;
      throw new UserError(`"${said}" is neither 1 nor 0`, {
        at: { file: table.file, line: row.line, field: name },
      });
    });
    return { text: '', value: set.map(({ name }) => name) };
  };
}

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

const hashed = (text: string): readonly string[] => (text === '' ? [] : [sha256(text).slice(0, 16)]);
