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

/** Words, a number, a number with its interval, or null for what is not known. */
export type Cell = string | number | null | { readonly number: number; readonly interval: Range };

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
 * Throws UserError for a bad or repeated id, a row with too few or many cells, a number in a column of words, and
 * a number its column's format cannot write.
 */
export function publishTable({ sources, ...table }: Table): void {
  const published = { kind: 'table', id: table.id } as const;
  const showing = { html: tableHtml(table), text: tableText(table), published };
  publish(published, sources, (provenance) => {
    const file: PublishedTable = { ...table, ...provenance };
    return { '.json': publishedJson(file) };
  });
  show(showing);
}

/** Shows a table under the cell without publishing it. Throws UserError for rows or numbers as `publishTable`. */
export function showTable(table: TableContent): void {
  show({ html: tableHtml(table), text: tableText(table) });
}

/** What a cell reads, by its column's format. */
export function cellText(cell: Cell, column: Column): string {
  if (typeof cell === 'string') return cell;
  if (cell === null) return '—';
  const { format, digits } = column;
  if (!format) {
    throw new UserError(`the column "${column.id}" has a number but no format`, {
      hint: "Give the column a format, such as format: 'percent', or the cell as text.",
    });
  }
  const style = { format, ...(digits !== undefined && { digits }) };
  if (typeof cell === 'number') return formatNumber(cell, style);
  return `${formatNumber(cell.number, style)} (${formatRange(cell.interval, style)})`;
}

export function columnAlign({ align, format }: Column): Align {
  return align ?? (format ? 'right' : 'left');
}

/** Every cell of a table as text, checked against the columns. */
export function tableCells({ caption, columns, rows }: TableContent): string[][] {
  return rows.map((row, index) => {
    if (row.length !== columns.length) {
      throw new UserError(`row ${index + 1} has ${row.length} cells, the table ${columns.length} columns`, {
        at: { field: `table "${caption}"` },
      });
    }
    return columns.map((column, i) => cellText(row[i] ?? null, column));
  });
}

/** A static HTML table: caption, column headers, and the first cell of a row as its header where it holds words. */
export function tableHtml(table: TableContent): string {
  const aligned = (column: Column) => `style="text-align:${columnAlign(column)}"`;
  const head = table.columns.map(
    (column) => `<th scope="col" ${aligned(column)}>${escapeHtml(column.title)}</th>`,
  );
  const body = tableCells(table).map((cells) => {
    const row = table.columns.map((column, i) => {
      const text = escapeHtml(cells[i] ?? '');
      return i === 0 && !column.format
        ? `<th scope="row" ${aligned(column)}>${text}</th>`
        : `<td ${aligned(column)}>${text}</td>`;
    });
    return `<tr>${row.join('')}</tr>`;
  });
  const notes = (table.notes ?? []).map((note) => `<p><small>${escapeHtml(note)}</small></p>`);
  return `<table><caption style="text-align:left">${escapeHtml(table.caption)}</caption><thead><tr>${head.join(
    '',
  )}</tr></thead><tbody>${body.join('')}</tbody></table>${notes.join('')}`;
}

/** The same in plain text, columns padded. */
export function tableText(table: TableContent): string {
  const lines = [table.columns.map(({ title }) => title), ...tableCells(table)];
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
