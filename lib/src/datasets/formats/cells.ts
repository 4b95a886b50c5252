import { type Location, UserError } from '../../project/error.js';
import { isObject } from '../../project/json.js';

/** A file of rows under named columns. */
export interface Table {
  readonly file: string;
  /** In the file's order; of a file without a header `1`, `2`, ...; the keys of a JSON object of objects are `#`. */
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  /** What a reader should know of how the file was read, such as lines that hold nothing. */
  readonly notes: readonly string[];
  /** Whether its first line was taken for a row, since it looks like one. */
  readonly headless?: boolean;
  /** What parts its cells, where its first lines told it. */
  readonly separator?: string;
  /** How it is written, where that is not as its ending says. */
  readonly format?: 'jsonl' | 'json';
}

/** A row: the line it begins on (in JSON, which object it is), counted from 1, and a cell for each column. */
export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
  /** The cells before they became text: in JSON lists, numbers, objects or null. */
  readonly values: readonly unknown[];
}

/** A cell of a row. */
export interface Cell {
  readonly text: string;
  /** Before it became text. */
  readonly value: unknown;
}

/** A column by its name, or what objects in it have at a path: `meta.pmid`; undefined where there is none. */
export function cellsAt(table: Table, name: string): ((row: TableRow) => Cell) | undefined {
  const at = table.columns.indexOf(name);
  if (at >= 0) return ({ cells, values }) => ({ text: cells[at] ?? '', value: values[at] });
  const [head = '', ...path] = name.split('.');
  const from = table.columns.indexOf(head);
  if (from < 0 || path.length === 0) return undefined;
  return ({ values }) => {
    const value = path.reduce<unknown>(inside, values[from]);
    return { text: cellText(value), value };
  };
}

/** What an object has under a key; of a list what each of its items has. */
function inside(within: unknown, key: string): unknown {
  if (Array.isArray(within)) return within.map((item: unknown) => inside(item, key));
  return isObject(within) && Object.hasOwn(within, key) ? within[key] : undefined;
}

/**
 * A cell that is a name or label, as the file has it.
 *
 * @throws UserError where it is an object, or a number too large to be read as the file has it.
 */
export function exact(cell: Cell, at: Location): Cell {
  if (typeof cell.value === 'number' && Math.abs(cell.value) > Number.MAX_SAFE_INTEGER)
    throw new UserError(`${cell.text} is not what the file says`, {
      at,
      hint: 'A number this large needs quotes in JSON.',
    });
  if (isObject(cell.value)) throw objectFlaw(cell.value, at);
  return cell;
}

/**
 * The text of a cell: of a list its items, a space between.
 *
 * @throws UserError where it is an object, true or false, or a list of what is no text.
 */
export function proseOf({ text, value }: Cell, at: Location): string {
  if (isObject(value)) throw objectFlaw(value, at);
  if (typeof value === 'boolean') throw new UserError(`${value}, not a text`, { at });
  const items: readonly unknown[] = Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [];
  const odd = items.find((each) => typeof each !== 'string' && each !== null);
  if (odd === undefined) return text;
  throw new UserError(`a list of ${typeof odd}s, not of texts`, {
    at,
    hint: isObject(odd)
      ? pathHint(odd, at)
      : 'Give each row its text, in a column of its own or as a list of sentences.',
  });
}

const objectFlaw = (value: object, at: Location) =>
  new UserError('an object, not a text', { at, hint: pathHint(value, at) });

function pathHint(value: object, at: Location): string {
  const keys = Object.keys(value).slice(0, 8);
  return keys.length > 0
    ? `Name what is meant inside it as a column: ${keys.map((key) => `${at.field}.${key}`).join(', ')}.`
    : 'It is empty.';
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
