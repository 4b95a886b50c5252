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

/** A value of JSON as a cell of text. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(cellText).join(' ');
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

/** The list that a cell holds as JSON, if it does. */
export function jsonList(cell: string): readonly unknown[] | undefined {
  try {
    const list: unknown = JSON.parse(cell);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}
