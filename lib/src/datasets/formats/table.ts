import { extname } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { UserError } from '../../project/error.js';

/** How the rows of a file are written. JSON is a list of objects, or an object of objects by id. */
export const TABLE_FORMATS = ['csv', 'tsv', 'jsonl', 'json'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** A file of rows under named columns. */
export interface Table {
  readonly file: string;
  /** In the file's order; of a file without a header `1`, `2`, ...; the keys of a JSON object of objects are `#`. */
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/** A row: the line it begins on (in JSON, which object it is), counted from 1, and a cell for each column. */
export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
  /** The cells before they became text: in JSON lists, numbers, objects or null. */
  readonly values: readonly unknown[];
}

export interface TableOptions {
  /** Default: by the file's ending. */
  readonly format?: TableFormat | undefined;
  /** Whether the first row of CSV or TSV names the columns. Default true. */
  readonly header?: boolean | undefined;
  /** What parts the cells of CSV. Default: a comma. */
  readonly separator?: string | undefined;
  /** Whether quotes may enclose a cell of TSV. Default: if its rows then have equally many cells. */
  readonly quotes?: boolean;
}

/**
 * Reads a table as its owner has it: a byte order mark, CR LF and blank lines are no flaw here. A cell of JSON that is
 * a list holds its items, a space between; null and what is missing are empty.
 *
 * @throws UserError naming file, line and column of what is wrong: not UTF-8, a row with more or fewer cells than there
 *   are columns, not CSV or JSON, no rows.
 */
export function readTable(bytes: Uint8Array, file: string, options: TableOptions = {}): Table {
  const format = options.format ?? formatOf(file);
  const text = decode(bytes, file);
  const table =
    format === 'csv' || format === 'tsv'
      ? delimited(text, file, format, options)
      : objects(format === 'jsonl' ? parseLines(text, file) : parseWhole(text, file), file);
  if (table.rows.length === 0) throw new UserError('no rows', { at: { file } });
  return table;
}

function formatOf(file: string): TableFormat {
  const ending = extname(file).slice(1).toLowerCase();
  const format = { ndjson: 'jsonl', tab: 'tsv' }[ending] ?? ending;
  const known = TABLE_FORMATS.find((name) => name === format);
  if (known) return known;
  throw new UserError('its ending does not tell how it is written', {
    at: { file },
    hint: `Say so with --format: ${TABLE_FORMATS.join(', ')} (in data/datasets.yaml under table.format).`,
  });
}

function decode(bytes: Uint8Array, file: string): string {
  const hint = 'Convert it first, for example: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW';
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new UserError('UTF-16, not UTF-8', {
      at: { file, line: 1 },
      hint: hint.replace('WINDOWS-1252', 'UTF-16'),
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UserError('not UTF-8', { at: { file, line: firstBadLine(bytes) }, hint, cause });
  }
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(
        bytes.subarray(start, end === -1 ? bytes.length : end),
      );
    } catch {
      return line;
    }
    start = end === -1 ? bytes.length : end + 1;
  }
  return line;
}

function delimited(
  text: string,
  file: string,
  format: 'csv' | 'tsv',
  { header = true, separator = ',', quotes }: TableOptions,
): Table {
  const rows = format === 'csv' ? parseCells(text, file, separator, '"') : tabbed(text, file, quotes);
  const width = rows[0]?.cells.length ?? 0;
  const columns = header
    ? (rows[0]?.cells ?? [])
    : Array.from({ length: width }, (_, index) => `${index + 1}`);
  const twice = columns.find((name, index) => columns.indexOf(name) < index);
  if (twice !== undefined) {
    throw new UserError('a column given twice', { at: { file, line: 1, field: twice } });
  }
  const body = header ? rows.slice(1) : rows;
  const ragged = body.find(({ cells }) => cells.length !== width);
  if (ragged) {
    throw new UserError(`${ragged.cells.length} cells in a row under ${width} columns`, {
      at: { file, line: ragged.line },
      hint: `A ${format === 'tsv' ? 'tab' : separator === ',' ? 'comma' : `"${separator}"`} or a line end within a cell needs quotes around the cell.`,
    });
  }
  return { file, columns, rows: body };
}

/** Tab-separated files come with quotes that enclose a cell, as in CSV, and with quotes that are plain text. */
function tabbed(text: string, file: string, quotes: boolean | undefined): readonly TableRow[] {
  if (quotes !== undefined) return parseCells(text, file, '\t', quotes ? '"' : null);
  try {
    const rows = parseCells(text, file, '\t', '"');
    if (rows.every(({ cells }) => cells.length === rows[0]?.cells.length)) return rows;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  return parseCells(text, file, '\t', null);
}

function parseCells(
  text: string,
  file: string,
  delimiter: string,
  quote: string | null,
): readonly TableRow[] {
  let line = 1;
  try {
    const rows: string[][] = parse(text, { delimiter, quote, relax_column_count: true });
    return rows.flatMap((cells) => {
      const row = { cells, line, values: cells };
      line += 1 + cells.reduce((ends, cell) => ends + lineEnds(cell), 0);
      return cells.length === 1 && cells[0]?.trim() === '' ? [] : [row];
    });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new UserError(`not ${delimiter === '\t' ? 'TSV' : 'CSV'}: ${cause.message}`, {
      at: { file, line: Number(cause['lines']) },
      hint: 'Within a cell in quotes, a quote is written twice.',
      cause,
    });
  }
}

const lineEnds = (cell: string) => (cell.match(/\r\n|\n|\r/g) ?? []).length;

interface Item {
  readonly line: number;
  readonly value: unknown;
  readonly key?: string;
}

function parseLines(text: string, file: string): readonly Item[] {
  return text.split(/\r?\n/).flatMap((line, index): Item[] => {
    if (line.trim() === '') return [];
    try {
      return [{ line: index + 1, value: JSON.parse(line) }];
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new UserError(`not JSON, the line may be cut short: ${reason}`, {
        at: { file, line: index + 1 },
        hint: 'JSON Lines holds one object a line. If the file is one JSON value, say --format json.',
        cause,
      });
    }
  });
}

function parseWhole(text: string, file: string): readonly Item[] {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      at: { file },
      hint: 'If it holds one object a line, say --format jsonl.',
      cause,
    });
  }
  if (Array.isArray(whole)) return whole.map((value: unknown, index) => ({ line: index + 1, value }));
  if (isObject(whole)) {
    return Object.entries(whole).map(([key, value], index) => ({ line: index + 1, value, key }));
  }
  throw new UserError('neither a list of objects nor an object of objects', { at: { file } });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The column that holds the keys of an object of objects. */
const KEY = '#';

function objects(items: readonly Item[], file: string): Table {
  const columns = new Set<string>(items.some(({ key }) => key !== undefined) ? [KEY] : []);
  const values = items.map(({ line, value, key }) => {
    if (!isObject(value)) throw new UserError('not an object', { at: { file, line } });
    for (const name of Object.keys(value)) columns.add(name);
    return { line, value: key === undefined ? value : { ...value, [KEY]: key } };
  });
  const names = [...columns];
  return {
    file,
    columns: names,
    rows: values.map(({ line, value }) => {
      const own = names.map((name) => (Object.hasOwn(value, name) ? value[name] : null));
      return { line, cells: own.map(cellText), values: own };
    }),
  };
}

/** A value of JSON as a cell of text. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(cellText).join(' ');
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}
