import { columnAlign, isBest, type TableContent, tableCells } from '../../reporting/table.js';
import { type TableCell, type TableColumn, text } from '../document.js';

/** The columns and cells of a published table, as the document has them. Throws UserError as `tableCells` does. */
export function publishedCells(table: TableContent): { columns: TableColumn[]; rows: TableCell[][] } {
  const parts = tableCells(table);
  const columns = table.columns.map((column, i) => ({
    title: [text(column.title)],
    align: columnAlign(column),
    header: i === 0 && !column.format,
    longestInterval: parts
      .map((row) => row[i]?.interval ?? '')
      .reduce((longest, interval) => (interval.length > longest.length ? interval : longest), ''),
  }));
  const rows = parts.map((row, r) =>
    row.map(({ main, interval }, i): TableCell => {
      const cell = table.rows[r]?.[i] ?? null;
      const number = cell !== null && typeof cell === 'object' ? cell.number : cell;
      return {
        content: [text(main)],
        ...(typeof number === 'number' && { number }),
        ...(interval && { interval }),
        ...(isBest(cell) && { best: true }),
      };
    }),
  );
  return { columns, rows };
}
