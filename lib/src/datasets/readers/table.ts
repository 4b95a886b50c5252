import { basename, extname } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { sha256 } from '../../project/digest.js';
import { UserError } from '../../project/error.js';
import type { Row } from '../../tasks/row.js';
import { cellText, readTable, type Table, type TableRow } from '../formats/table.js';
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
    const named = id ? normaliseSpace(id(row).text) : `${stem}${line}`;
    const byLine = 'Without `columns.id` in data/datasets.yaml, rows are named by their line.';
    if (named === '') throw flaw(columns.id ?? '', 'empty', byLine);
    const first = lines.get(named);
    if (first !== undefined)
      throw flaw(columns.id ?? '', `row ${named} is given twice, first in ${first}`, byLine);
    lines.set(named, `${file}:${line}`);
    const texts = fields.map(({ field, optional, name, cell }): [string, string] => {
      const text = normaliseSpace(cell?.(row).text ?? '');
      if (text === '' && !optional)
        throw flaw(name ?? field, 'empty', `The field ${field} of ${task.name} may not be empty.`);
      return [field, text];
    });
    const textOf = new Map(texts);
    const at = { file, line, field: [columns.gold].flat().join(', ') };
    return {
      id: `${dataset}:${split}:${named}`,
      gold: readGold(task, gold(row).value, at, { words, text: fields[0]?.cell?.(row).text ?? '' }),
      keys: Object.fromEntries(
        keys.map(({ key, several, name, cell }) => {
          if (!cell) return [key, hashed(normalForm(textOf.get(key) ?? ''))];
          const values = keyValues(cell(row), several);
          if (values.length > 1 && !several)
            throw flaw(name ?? key, `${values.length} values`, `A row of ${task.name} has one ${key}.`);
          return [key, values];
        }),
      ),
      texts: Object.fromEntries(texts),
    };
  });
}

interface Cell {
  readonly text: string;
  readonly value: unknown;
}

/** A column by its name, or what objects in it have at a path: `meta.pmid`. */
function columnOf(table: Table, name: string): (row: TableRow) => Cell {
  const at = table.columns.indexOf(name);
  if (at >= 0) return ({ cells, values }) => ({ text: cells[at] ?? '', value: values[at] });
  const [head = '', ...path] = name.split('.');
  const from = table.columns.indexOf(head);
  if (from < 0 || path.length === 0)
    throw new UserError(`no such column; the file has ${table.columns.join(', ')}`, {
      at: { file: table.file, line: 1, field: name },
      hint: `The nearest is "${closest(name, table.columns)}". Which are read is told under \`columns\` of the data set in data/datasets.yaml.`,
    });
  return ({ values }) => {
    const value = path.reduce<unknown>(
      (within, key) =>
        typeof within === 'object' ? Object.entries(within ?? {}).find(([k]) => k === key)?.[1] : null,
      values[from],
    );
    return { text: cellText(value), value };
  };
}

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

function keyValues({ text, value }: Cell, several: boolean): readonly string[] {
  const given = Array.isArray(value) ? value.map(cellText) : several ? text.split('|') : [text];
  return given.map(normaliseSpace).filter(Boolean);
}

const hashed = (text: string): readonly string[] => (text === '' ? [] : [sha256(text).slice(0, 16)]);
