import { UserError } from '../project/error.js';
import { show } from './display.js';
import { escapeHtml } from './escape.js';
import { type Format, formatNumber, formatRange, type Range } from './format.js';
import { type Provenance, publish, publishedJson, type Source } from './publication.js';

export type Align = 'left' | 'right' | 'center';

export interface Column {
  readonly id: string;
  readonly title: string;
  /** Default: right for a column of numbers, left for one of words. */
  readonly align?: Align;
  /** How the numbers of the column are written; a column without a format holds words. */
  readonly format?: Format;
  readonly digits?: number;
}

/** A number with what is known of it. */
interface NumberCell {
  readonly number: number;
  readonly interval?: Range;
  /** What is to be said of it, as a clause, such as why there is no interval: a note under the table says so. */
  readonly note?: string;
  /** Set in bold. Only for a number that a test has found better than the others it stands beside. */
  readonly best?: boolean;
}

/** Words, a number, a number with more, or null for what is not known. */
export type Cell = string | number | null | NumberCell;

export interface TableContent {
  /** One sentence in plain text. The paper may give its own. */
  readonly caption: string;
  readonly columns: readonly Column[];
  /** A row has a cell for each column, in order. */
  readonly rows: readonly (readonly Cell[])[];
  readonly notes?: readonly string[];
}

export interface Table extends TableContent {
  /** Kebab-case, unique across notebooks; the paper refers to it as `:::{table} id`. */
  readonly id: string;
  /** The records and files it was made from; none only if it was made from nothing. */
  readonly sources: readonly Source[];
}

/** A table as the paper finds it in `tables/<id>.json`. */
export interface PublishedTable extends Omit<Table, 'sources'>, Provenance {}

/**
 * Publishes a table for the paper and shows it under the cell.
 *
 * @throws UserError for a bad or repeated id, a row with too few or many cells, a number in a column of words, and
 * a number its column's format cannot write.
 *
 * @example
 * const columns = [{ id: 'label', title: 'Label' }, { id: 'share', title: 'Share', format: 'percent' }] as const;
 * publishTable({ id: 'shares', caption: 'Labels.', columns, rows: [['yes', 0.25]], sources: [] }); // -> undefined
 * publishTable({ id: 'torn', caption: 'Labels.', columns, rows: [['yes']], sources: [] }); // throws row 1 has 1 cells
 */
export function publishTable({ sources, ...content }: Table): void {
  const table = withNotes(content);
  const published = { kind: 'table', id: table.id } as const;
  const showing = { html: tableHtml(table), text: tableText(table), published };
  publish(published, sources, (provenance) => {
    const file: PublishedTable = { ...table, ...provenance };
    return { '.json': publishedJson(file) };
  });
  show(showing);
}

/**
 * Shows a table under the cell without publishing it.
 *
 * @throws UserError for rows or numbers as `publishTable`.
 *
 * @example
 * const columns = [{ id: 'label', title: 'Label' }, { id: 'rows', title: 'Rows', format: 'count' }] as const;
 * showTable({ caption: 'Labels.', columns, rows: [['yes', 1120]] }); // -> undefined
 */
export function showTable(content: TableContent): void {
  const table = withNotes(content);
  show({ html: tableHtml(table), text: tableText(table) });
}

/** A table with the notes of its cells under its own: "F1 of Majority, floor: not defined, since ...; it counts as 0." */
function withNotes<Content extends TableContent>(table: Content): Content {
  const noted = new Map<
    string,
    { readonly begin: string; readonly names: string[]; readonly note: string }
  >();
  for (const row of table.rows) {
    const name = row.filter((cell) => typeof cell === 'string').join(', ');
    for (const [index, cell] of row.entries()) {
      if (!isNumberCell(cell) || cell.note === undefined) continue;
      const begin = table.columns[index]?.title ?? '';
      const key = `${begin}\n${cell.note}`;
      const found = noted.get(key) ?? { begin, names: [], note: cell.note };
      found.names.push(name);
      noted.set(key, found);
    }
  }
  if (noted.size === 0) return table;
  const notes = [...noted.values()].map(
    ({ begin, names, note }) => `${begin} of ${names.join('; ')}: ${note}.`,
  );
  return { ...table, notes: [...(table.notes ?? []), ...notes] };
}

/** Whether a cell has a number with more. */
export const isNumberCell = (cell: Cell): cell is NumberCell => typeof cell === 'object' && cell !== null;

/** What a cell reads: its number or words, and the interval behind it. */
export interface CellParts {
  readonly main: string;
  /** "(68.7–76.9)" */
  readonly interval?: string;
}

/** What a cell reads, by its column's format. */
export function cellParts(cell: Cell, column: Column): CellParts {
  if (typeof cell === 'string') return { main: cell };
  if (cell === null) return { main: '—' };
  const { format, digits } = column;
  if (!format) {
    throw new UserError(`the column "${column.id}" has a number but no format`, {
      hint: "Give the column a format, such as format: 'percent', or the cell as text.",
    });
  }
  const style = { format, ...(digits !== undefined && { digits }) };
  if (typeof cell === 'number') return { main: formatNumber(cell, style) };
  const { number, interval } = cell;
  return {
    main: formatNumber(number, style),
    ...(interval && { interval: `(${formatRange(interval, style)})` }),
  };
}

const whole = ({ main, interval }: CellParts) => (interval ? `${main} ${interval}` : main);

/** Whether a cell's number is to stand out. */
export const isBest = (cell: Cell | undefined): boolean =>
  cell !== undefined && isNumberCell(cell) && cell.best === true;

export function columnAlign({ align, format }: Column): Align {
  return align ?? (format ? 'right' : 'left');
}

/** What every cell of a table reads, checked against the columns. */
export function tableCells({ caption, columns, rows }: TableContent): CellParts[][] {
  return rows.map((row, index) => {
    if (row.length !== columns.length) {
      throw new UserError(`row ${index + 1} has ${row.length} cells, the table ${columns.length} columns`, {
        at: { field: `table "${caption}"` },
      });
    }
    return columns.map((column, i) => cellParts(row[i] ?? null, column));
  });
}

/**
 * A static HTML table: caption, column headers, and the first cell of a row as its header where it holds words.
 * @internal
 */
export function tableHtml(table: TableContent): string {
  const aligned = (column: Column) => `style="text-align:${columnAlign(column)}"`;
  const head = table.columns.map(
    (column) => `<th scope="col" ${aligned(column)}>${escapeHtml(column.title)}</th>`,
  );
  const body = tableCells(table).map((cells, index) => {
    const row = table.columns.map((column, i) => {
      const { main, interval } = cells[i] ?? { main: '' };
      const shown = isBest(table.rows[index]?.[i])
        ? `<strong>${escapeHtml(main)}</strong>`
        : escapeHtml(main);
      const text = interval ? `${shown} ${escapeHtml(interval)}` : shown;
      return i === 0 && !column.format
        ? `<th scope="row" ${aligned(column)}>${text}</th>`
        : `<td ${aligned(column)}>${text}</td>`;
    });
    return `<tr>${row.join('')}</tr>`;
  });
  const notes = (table.notes ?? []).map((note) => `<p><small>${escapeHtml(note)}</small></p>`);
  return `<table><caption style="text-align:left;white-space:nowrap">${escapeHtml(table.caption)}</caption><thead><tr>${head.join(
    '',
  )}</tr></thead><tbody>${body.join('')}</tbody></table>${notes.join('')}`;
}

/** The same in plain text, columns padded. */
export function tableText(table: TableContent): string {
  const lines = [table.columns.map(({ title }) => title), ...tableCells(table).map((row) => row.map(whole))];
  const widths = table.columns.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)));
  const padded = lines.map((line) =>
    table.columns
      .map((column, i) => {
        const text = line[i] ?? '';
        return columnAlign(column) === 'right' ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0);
      })
      .join('  ')
      .trimEnd(),
  );
  return [table.caption, ...padded, ...(table.notes ?? [])].join('\n');
}
