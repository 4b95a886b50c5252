import { CsvError, parse } from 'csv-parse/sync';
import { UserError } from '../../project/error.js';
import type { Table, TableRow } from './cells.js';
import { isRow } from './column-content.js';
import { lineEnds, quoteFlaw, refuseSwallowedRows } from './quotes.js';

export interface DelimitedOptions {
  /** Whether the first row of CSV or TSV names the columns. Default true, unless the file may tell. */
  readonly header?: boolean | undefined;
  /** What parts the cells. Default: of CSV a comma, of TSV a tab. */
  readonly separator?: string | undefined;
  /**
   * Whether a file may tell that it is not written as it is called: a first line without the separator another, a comma, a
   * semicolon, a tab or a bar; so may rows that are even by another alone, or with single quotes; and a first row with a
   * label of rows below is one itself. Default false.
   */
  readonly guess?: boolean | undefined;
  /** Whether quotes may enclose a cell of TSV. Default: if its rows then have equally many cells, and no fewer rows. */
  readonly quotes?: boolean | undefined;
}

/**
 * Parses CSV or TSV. What a spreadsheet pads a table with is left aside, and told: rows of separators alone, a first line
 * `sep=,`; so are columns without a name and content.
 *
 * @throws UserError naming file and line: not CSV, a cell in quotes that has swallowed rows, a row with more or fewer
 *   cells than there are columns, or the header once more.
 */
export function delimited(
  text: string,
  file: string,
  format: 'csv' | 'tsv',
  { header, separator, guess = false, quotes }: DelimitedOptions,
): Table {
  // A spreadsheet may say in a line before the table what parts its cells.
  const [line = '', sep] = (format === 'csv' && /^sep=(.)(?=\r?\n)/i.exec(text)) || [];
  const cut = text.slice(line.length);
  const usual = format === 'tsv' ? '\t' : ',';
  const named = sep ?? separator;
  const other = guess && named === undefined && format === 'csv' ? otherWriting(cut, file, usual) : undefined;
  const told = named ?? other?.separator ?? (guess ? otherSeparator(firstLine(cut), usual) : undefined);
  const mark = told ?? usual;
  const isTabbed = format === 'tsv' && mark === '\t';
  const parsed = other && (other.separator ?? usual) === mark ? other.cells : undefined;
  const { rows: all, padding } =
    parsed ?? (isTabbed ? tabbed(cut, file, quotes) : parseCells(cut, file, mark, '"'));
  refuseSwallowedRows(all, cut, mark, file);
  const width = all[0]?.cells.length ?? 0;
  const ragged = all.find(({ cells }) => cells.length !== width);
  if (ragged) {
    throw new UserError(
      `${ragged.cells.length} cell${ragged.cells.length === 1 ? '' : 's'} in a row under ${width} column${width === 1 ? '' : 's'}`,
      {
        at: { file, line: ragged.line },
        hint:
          width === 1
            ? `Line ${all[0]?.line} has ${separatorAdvice(firstLine(cut)) ?? 'nothing that parts cells: if it is a title, take it out.'}`
            : `${capital(separatorName(mark))} or a line end within a cell needs quotes around the cell.`,
      },
    );
  }
  const notes = [
    ...(padding.length > 0
      ? [
          `${file}: ${padding.length.toLocaleString('en')} lines of separators alone are left aside, the first is line ${padding[0]}`,
        ]
      : []),
    ...(told !== undefined && told !== separator
      ? [`${file}: cells are parted by ${separatorName(told)}`]
      : []),
    ...(other?.quote === "'" ? [`${file}: single quotes enclose cells`] : []),
  ];
  const own = { file, notes, ...(told !== undefined && { separator: told }) };
  const [names] = all;
  const body = all.slice(1);
  const isGuessed = guess && header === undefined && names !== undefined && isRow(names.cells, body);
  if (header === false || !names || isGuessed)
    return {
      ...own,
      columns: Array.from({ length: width }, (_, index) => `${index + 1}`),
      rows: all,
      ...(isGuessed && {
        headless: true,
        notes: [
          ...notes,
          `${file}: its first line is taken for a row, since its label is one of other rows; columns are named by number`,
        ],
      }),
    };
  const again = width > 1 && body.find(({ cells }) => cells.every((cell, at) => cell === names.cells[at]));
  if (again)
    throw new UserError('the names of the columns once more', {
      at: { file, line: again.line },
      hint: names.cells.some((cell) => /^[BIO](?:-\S+)?$/.test(cell))
        ? 'If its lines are tagged tokens, they are no table: the reader iob reads them (data/datasets.yaml).'
        : 'The file may be two put together. Take the line out, or divide the file there.',
    });
  const held = names.cells.flatMap((name, at) =>
    name.trim() !== '' || body.some(({ cells }) => cells[at]?.trim()) ? [at] : [],
  );
  return {
    ...own,
    columns: held.map((at) => columnName(names.cells, at)),
    rows: body.map(({ line, cells }) => {
      const own = held.map((at) => cells[at] ?? '');
      return { line, cells: own, values: own };
    }),
  };
}

const firstLine = (text: string) => text.split(/\r?\n|\r/, 1)[0] ?? '';

const SEPARATORS = ['\t', ';', ',', '|'];
/** What parts the cells of a first line that has not the mark it should: spreadsheets of many countries take a semicolon, since numbers have commas. */
const otherSeparator = (head: string, mark: string) =>
  head.includes(mark) ? undefined : SEPARATORS.find((other) => head.includes(other));

interface OtherWriting {
  /** Undefined of a file that is written as it should be. */
  readonly separator: string | undefined;
  readonly quote: string;
  readonly cells: ParsedCells;
}

/** How a file is written, and its cells; of one that is no table with the mark it should have: the one mark, with double or single quotes, by which its rows are even. */
function otherWriting(text: string, file: string, usual: string): OtherWriting | undefined {
  const parsed = (separator: string, quote: string): OtherWriting | undefined => {
    try {
      const cells = parseCells(text, file, separator, quote);
      const isTable = isEven(cells) && (cells.rows[0]?.cells.length ?? 0) > 1 && cells.rows.length > 1;
      return isTable ? { separator, quote, cells } : undefined;
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  };
  const asUsual = parsed(usual, '"');
  if (asUsual) return { ...asUsual, separator: undefined };
  const found = SEPARATORS.flatMap((separator) => {
    const single = hasSingleQuotes(text, separator) ? parsed(separator, "'") : undefined;
    return single ?? (separator === usual ? [] : (parsed(separator, '"') ?? []));
  });
  return found.length === 1 ? found[0] : undefined;
}

/** Whether more cells begin with a single quote than with a double one. */
function hasSingleQuotes(text: string, separator: string): boolean {
  const begins = (quote: string) =>
    text.split(`${separator}${quote}`).length + text.split(`\n${quote}`).length;
  return begins("'") > begins('"');
}

/** What to do about a first line that is one cell and has another mark, after `Line 1 has`. */
export function separatorAdvice(head: string): string | undefined {
  const other = SEPARATORS.find((mark) => head.includes(mark));
  return (
    other &&
    `${separatorName(other)}: if that parts cells, say table: { separator: ${JSON.stringify(other)} } of the data set in data/datasets.yaml.`
  );
}

const separatorName = (mark: string) =>
  ({ ',': 'a comma', '\t': 'a tab', ';': 'a semicolon' })[mark] ?? `"${mark}"`;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

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
function tabbed(text: string, file: string, quotes: boolean | undefined): ParsedCells {
  if (quotes !== undefined) return parseCells(text, file, '\t', quotes ? '"' : null);
  const plain = parseCells(text, file, '\t', null);
  try {
    const quoted = parseCells(text, file, '\t', '"');
    if (isEven(quoted) && !(isEven(plain) && plain.rows.length > quoted.rows.length)) return quoted;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  return plain;
}

const isEven = ({ rows }: ParsedCells) => rows.every(({ cells }) => cells.length === rows[0]?.cells.length);

/** Rows, and the lines that hold separators alone. */
interface ParsedCells {
  readonly rows: readonly TableRow[];
  readonly padding: readonly number[];
}

function parseCells(text: string, file: string, delimiter: string, quote: string | null): ParsedCells {
  const rows: TableRow[] = [];
  const padding: number[] = [];
  let ends = 0;
  try {
    parse(text, {
      delimiter,
      quote,
      escape: quote,
      relax_column_count: true,
      skip_empty_lines: true,
      // Line ends may be mixed; those of the first line are not those of all.
      record_delimiter: text.includes('\n') ? ['\r\n', '\n'] : ['\r'],
      on_record(cells: readonly string[], { empty_lines }) {
        const line = 1 + empty_lines + ends;
        ends += 1 + cells.reduce((sum, cell) => sum + lineEnds(cell), 0);
        if (cells.some((cell) => cell.trim() !== '')) rows.push({ cells, line, values: cells });
        else if (cells.length > 1) padding.push(line);
        return null;
      },
    });
    return { rows, padding };
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw quoteFlaw(text, delimiter, { file, line: Number(cause['lines']) }, cause);
  }
}
