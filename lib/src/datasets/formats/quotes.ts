import { UserError } from '../../project/error.js';
import type { TableRow } from './cells.js';

const PLAIN_QUOTE =
  'Within a cell in quotes, a quote is written twice; so is one that a cell begins with as text: """5 mg".';

/** An error of CSV, at the line on which the cell in quotes begins that does not end as one, or else where it was found. */
export function quoteFlaw(
  text: string,
  delimiter: string,
  at: { readonly file: string; readonly line: number },
  cause: Error,
): UserError {
  const kind = `not ${delimiter === '\t' ? 'TSV' : 'CSV'}`;
  const mark = delimiter.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
  // Cells in quotes, one after the other: one that is not closed before what parts cells is the flaw.
  const quoted = new RegExp(
    `(?<=^|[\\r\\n]|${mark})"[^"]*(?:""[^"]*)*(?:"(?=${mark}|[\\r\\n]|$)|(?<open>))`,
    'g',
  );
  for (const { 0: cell, index, groups } of text.matchAll(quoted)) {
    if (groups?.['open'] === undefined) continue;
    const line = lineEnds(text.slice(0, index)) + 1;
    const closed = index + cell.length < text.length;
    return new UserError(
      closed ? `${kind}: ${cause.message}` : 'the cell in quotes that begins here is not closed',
      { at: { ...at, line }, hint: PLAIN_QUOTE, cause },
    );
  }
  return new UserError(`${kind}: ${cause.message}`, { at, hint: PLAIN_QUOTE, cause });
}

/**
 * Refuses a cell in quotes that has swallowed rows: every line in it, parted without a thought of quotes, has as many cells
 * as the table has columns, and in one of these columns cells that other rows have, digits aside. So two quotation marks
 * that were meant as text, rows apart, make a cell of what is between them.
 *
 * @param text what the rows were parsed from, line by line as they count them.
 * @throws UserError naming the line on which the cell begins.
 */
export function refuseSwallowedRows(
  rows: readonly TableRow[],
  text: string,
  delimiter: string,
  file: string,
): void {
  const isLong = (cell: string) => lineEnds(cell) > 0;
  const long = rows.filter(({ cells }) => cells.some(isLong));
  const width = rows[0]?.cells.length ?? 0;
  if (long.length === 0 || width < 2) return;
  const lines = text.split(/\r\n|\n|\r/);
  const others = rows.filter(({ cells }) => !cells.some(isLong));
  const columns = Array.from(
    { length: width },
    (_, column) => new Set(others.map(({ cells }) => formOf(cells[column] ?? ''))),
  );
  for (const { line, cells } of long) {
    for (const [at, cell] of cells.entries()) {
      const first = line + lineEnds(cells.slice(0, at).join());
      const within = lines
        .slice(first, first + lineEnds(cell))
        .map((each) => each.split(delimiter).map(formOf));
      if (within.some(({ length }) => length !== width)) continue;
      const looksLikeRows = columns.some((known, column) => {
        // The last line ends with cells of the row itself.
        const own = column < at ? within : within.slice(0, -1);
        return own.length > 0 && own.every((each) => each[column] !== '' && known.has(each[column] ?? ''));
      });
      if (looksLikeRows)
        throw new UserError(
          `the cell in quotes that begins here holds ${within.length + 1} lines that look like rows of their own`,
          {
            at: { file, line: first },
            hint: `${PLAIN_QUOTE} If the cell is as meant, save the table as JSON Lines.`,
          },
        );
    }
  }
}

const formOf = (cell: string) => cell.trim().replace(/\d+/g, '0');

/** How many line ends a text holds. */
export const lineEnds = (text: string): number => (text.match(/\r\n|\n|\r/g) ?? []).length;
