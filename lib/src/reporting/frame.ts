import type { DataFrame } from 'danfojs-node';
import { UserError } from '../project/error.js';
import type { Style } from './format.js';
import { type Cell, type Column, showTable } from './table.js';

/** One row of a frame: every column in every row, nothing missing. */
export type FrameRow = Readonly<Record<string, string | number | boolean>>;

/**
 * A danfojs frame of rows, for grouping, joining and sorting in a notebook.
 *
 * danfojs gives wrong numbers on missing data (a mean counts null as 0; concat corrupts its first input), so this
 * module, the only one that touches it, refuses such data on the way in and on the way out.
 *
 * @throws UserError naming row and column for null, undefined, NaN or infinity, for a row whose columns are not
 *   those of the first, and for no rows at all.
 *
 * @example
 * const words = await frame([{ label: 'yes', words: 2 }, { label: 'yes', words: 4 }]);
 * words.groupby(['label']).col(['words']).mean().values; // -> [['yes', 3]]
 */
export async function frame(rows: readonly FrameRow[]): Promise<DataFrame> {
  const [first] = rows;
  if (!first) throw new UserError('a frame needs at least one row');
  const columns = Object.keys(first);
  rows.forEach((row, index) => {
    requireComplete(row, columns, index);
    const unknown = Object.keys(row).find((column) => !(column in first));
    if (unknown !== undefined)
      throw new UserError(`row ${index + 1} has a column "${unknown}", the first has not`);
  });
  // Imported here: it brings TensorFlow with it, a second that most notebooks need not wait.
  const danfo = await import('danfojs-node');
  return new danfo.default.DataFrame(rows.map((row) => ({ ...row })));
}

/**
 * The rows of a frame, checked again: an operation of danfojs may have left holes. Throws UserError as `frame`.
 * @internal
 */
export function frameRows(frame: DataFrame): FrameRow[] {
  const columns: string[] = frame.columns;
  return frame.values.map((values, index) => {
    const cells = Array.isArray(values) ? values : [values];
    const row: Record<string, unknown> = Object.fromEntries(columns.map((column, i) => [column, cells[i]]));
    requireComplete(row, columns, index);
    return row;
  });
}

/**
 * Shows a frame under the cell as a static table. Whole numbers are written as counts and others with two decimals,
 * unless `styles` says otherwise for a column.
 *
 * @example
 * const words = await frame([{ label: 'yes', share: 0.25 }]);
 * showFrame(words, { caption: 'Labels.', styles: { share: { format: 'percent' } } }); // -> undefined
 */
export function showFrame(
  frame: DataFrame,
  { caption, styles = {} }: { caption: string; styles?: Readonly<Record<string, Style>> },
): void {
  const rows = frameRows(frame);
  const columns = frame.columns.map((id: string): Column => {
    const numbers = rows.map((row) => row[id]).filter((cell) => typeof cell === 'number');
    const usual: Style = { format: numbers.every(Number.isInteger) ? 'count' : 'decimal' };
    return { id, title: id, ...(numbers.length > 0 && (styles[id] ?? usual)) };
  });
  const cells = rows.map((row) =>
    columns.map(({ id }): Cell => {
      const cell = row[id];
      return typeof cell === 'number' ? cell : String(cell);
    }),
  );
  showTable({ caption, columns, rows: cells });
}

function requireComplete(
  row: Readonly<Record<string, unknown>>,
  columns: readonly string[],
  index: number,
): asserts row is FrameRow {
  for (const column of columns) {
    const cell = row[column];
    if (cell === null || cell === undefined || (typeof cell === 'number' && !Number.isFinite(cell))) {
      throw new UserError(`row ${index + 1} has no value in the column "${column}" (${String(cell)})`, {
        hint: 'danfojs computes wrongly on missing data: leave such rows out, or say what stands for them.',
      });
    }
  }
}
