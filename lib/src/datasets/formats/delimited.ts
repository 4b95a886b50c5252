import { CsvError, parse } from 'csv-parse/sync';
import { UserError } from '../../project/error.js';
import type { Table, TableRow } from './cells.js';
import { lineEnds, quoteFlaw, refuseSwallowedRows } from './quotes.js';

export interface DelimitedOptions {
  /** Whether the first row of CSV or TSV names the columns. Default true. */
  readonly header?: boolean | undefined;
  /** What parts the cells of CSV. Default: a comma. */
  readonly separator?: string | undefined;
  /** Whether quotes may enclose a cell of TSV. Default: if its rows then have equally many cells, and no fewer rows. */
  readonly quotes?: boolean | undefined;
}

/**
 * Parses CSV or TSV. What a spreadsheet pads a table with is left aside: rows of separators alone, columns without a
 * name and content, a first line `sep=,`.
 *
 * @throws UserError naming file and line: not CSV, a cell in quotes that has swallowed rows, or a row with more or fewer
 *   cells than there are columns.
 */
export function delimited(
  text: string,
  file: string,
  format: 'csv' | 'tsv',
  { header = true, separator = ',', quotes }: DelimitedOptions,
): Table {
  // A spreadsheet may say in a line before the table what parts its cells.
  const [told = '', sep] = (format === 'csv' && /^sep=(.)(?=\r?\n)/i.exec(text)) || [];
  const cut = text.slice(told.length);
  const all = format === 'csv' ? parseCells(cut, file, sep ?? separator, '"') : tabbed(cut, file, quotes);
  if (format === 'csv') refuseSwallowedRows(all, cut, sep ?? separator, file);
  const width = all[0]?.cells.length ?? 0;
  const ragged = all.find(({ cells }) => cells.length !== width);
  if (ragged) {
    throw new UserError(`${ragged.cells.length} cells in a row under ${width} columns`, {
      at: { file, line: ragged.line },
      hint: `A ${format === 'tsv' ? 'tab' : separator === ',' ? 'comma' : `"${separator}"`} or a line end within a cell needs quotes around the cell.`,
    });
  }
  const [names] = all;
  if (!header || !names)
    return { file, columns: Array.from({ length: width }, (_, index) => `${index + 1}`), rows: all };
  const body = all.slice(1);
  const held = names.cells.flatMap((name, at) =>
    name.trim() !== '' || body.some(({ cells }) => cells[at]?.trim()) ? [at] : [],
  );
  return {
    file,
    columns: held.map((at) => columnName(names.cells, at)),
    rows: body.map(({ line, cells }) => {
      const own = held.map((at) => cells[at] ?? '');
      return { line, cells: own, values: own };
    }),
  };
}

/** A name that two columns have tells neither: each is called by its place too. */
function columnName(names: readonly string[], at: number): string {
  const name = names[at] ?? '';
  return names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (column ${at + 1})`.trim();
}

/** What a file calls a column that is called by its place too. */
export const nameOfSeveral = (column: string): string | undefined =>
  / \(column \d+\)$/.test(column) ? column.slice(0, column.lastIndexOf(' (')) : undefined;

/**
 * Tab-separated files come with quotes that enclose a cell, as in CSV, and with quotes that are plain text. A file that is
 * a table in both ways has plain ones, if it has more rows so: cells in quotes would swallow whole rows.
 */
function tabbed(text: string, file: string, quotes: boolean | undefined): readonly TableRow[] {
  if (quotes !== undefined) return parseCells(text, file, '\t', quotes ? '"' : null);
  const plain = parseCells(text, file, '\t', null);
  try {
    const quoted = parseCells(text, file, '\t', '"');
    if (isEven(quoted) && !(isEven(plain) && plain.length > quoted.length)) return quoted;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  return plain;
}

const isEven = (rows: readonly TableRow[]) =>
  rows.every(({ cells }) => cells.length === rows[0]?.cells.length);

function parseCells(
  text: string,
  file: string,
  delimiter: string,
  quote: string | null,
): readonly TableRow[] {
  let line = 1;
  try {
    // Line ends may be mixed; those of the first line are not those of all.
    const record_delimiter = text.includes('\n') ? ['\r\n', '\n'] : ['\r'];
    const rows: string[][] = parse(text, { delimiter, quote, relax_column_count: true, record_delimiter });
    return rows.flatMap((cells) => {
      const row = { cells, line, values: cells };
      line += 1 + cells.reduce((ends, cell) => ends + lineEnds(cell), 0);
      return cells.every((cell) => cell.trim() === '') ? [] : [row];
    });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw quoteFlaw(text, delimiter, { file, line: Number(cause['lines']) }, cause);
  }
}
