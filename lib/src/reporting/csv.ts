import { type Cell, isNumberCell, type TableContent } from './table.js';

/**
 * A table as CSV (RFC 4180): columns by their ids, numbers at full precision, an interval in two columns of its own and
 * what is set in bold in another, where a column has such. What is not known is left empty.
 */
export function tableCsv({ columns, rows }: TableContent): string {
  const parts = columns.map(({ id }, i) => {
    const cells = rows.map((row) => row[i] ?? null);
    const intervals = cells.some((cell) => intervalOf(cell) !== undefined);
    const bests = cells.some((cell) => isNumberCell(cell) && cell.best !== undefined);
    return [
      { id, read: numberOrWords },
      ...(intervals
        ? [
            { id: `${id}-low`, read: (cell: Cell) => text(intervalOf(cell)?.low) },
            { id: `${id}-high`, read: (cell: Cell) => text(intervalOf(cell)?.high) },
          ]
        : []),
      ...(bests
        ? [{ id: `${id}-best`, read: (cell: Cell) => (isNumberCell(cell) && cell.best ? 'yes' : '') }]
        : []),
    ];
  });
  const head = parts.flatMap((fields) => fields.map(({ id }) => id));
  const body = rows.map((row) =>
    parts.flatMap((fields, i) => fields.map(({ read }) => read(row[i] ?? null))),
  );
  return [head, ...body].map((line) => `${line.map(field).join(',')}\r\n`).join('');
}

const intervalOf = (cell: Cell) => (isNumberCell(cell) ? cell.interval : undefined);
const text = (number: number | undefined) => (number === undefined ? '' : String(number));

function numberOrWords(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  return cell === null ? '' : String(typeof cell === 'number' ? cell : cell.number);
}

const field = (content: string): string =>
  /[",\r\n]/.test(content) ? `"${content.replaceAll('"', '""')}"` : content;
