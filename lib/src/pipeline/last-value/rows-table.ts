import { inspect } from 'node:util';
import { isObject, type JsonObject } from '../../project/json.js';
import { visible } from '../../project/visible.js';
import { formatNumber } from '../../reporting/format.js';
import type { TableContent } from '../../reporting/table.js';

/** Rows and columns shown at most, characters of a text in a table, and of one that is shown alone. */
const [MOST_ROWS, MOST_COLUMNS, LONGEST, LONGEST_ALONE] = [20, 24, 160, 4000];
/** Rows that are looked at for columns. */
const LOOKED_AT = 1000;

/** Fields that stand first, and those that stand last, as less is asked of them. */
const [FIRST, LAST] = [
  ['id', 'gold', 'prediction'],
  ['keys', 'details'],
];

/** An object written as `{ ... }` is, holding values and no functions. */
export function isPlain(value: unknown): value is JsonObject {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(Object.getOwnPropertyDescriptors(value)).every(
    (each) => 'value' in each && typeof each.value !== 'function',
  );
}

/** A table of rows: a column for each field, and for each part of fields that have parts. The first rows stand for all. */
export function rowsTable(rows: readonly JsonObject[]): TableContent {
  const seen = rows.slice(0, LOOKED_AT).map(leaves);
  const names = [...new Set(seen.flatMap((row) => [...row.keys()]))].sort((a, b) => place(a) - place(b));
  const shown = names.slice(0, MOST_COLUMNS);
  const top = rows.slice(0, MOST_ROWS).map(leaves);
  const columns = shown.map((name) => {
    const cells = top.map((row) => row.get(name)).filter((cell) => cell !== undefined && cell !== null);
    const numbers = cells.length > 0 && cells.every((cell) => typeof cell === 'number');
    return { id: name, title: titleOf(name, names), align: numbers ? ('right' as const) : ('left' as const) };
  });
  const left = names.length - shown.length;
  const notes = [
    ...(rows.length > MOST_ROWS
      ? [`The first ${MOST_ROWS} rows are shown; .slice(${MOST_ROWS}, ${2 * MOST_ROWS}) gives the next.`]
      : []),
    ...(left > 0
      ? [`${left} more columns are left out: ${names.slice(MOST_COLUMNS).join(', ').slice(0, 300)}`]
      : []),
  ];
  return {
    caption: `${counted(rows.length, 'row')}, ${counted(names.length, 'column')}`,
    columns,
    rows: top.map((row) => shown.map((name) => oneLine(cellText(row.get(name))))),
    notes,
  };
}

/** A table of the fields of one object, their texts in full. */
export function fieldsTable(value: JsonObject, about: string): TableContent {
  return {
    caption: about,
    columns: [
      { id: 'field', title: 'field' },
      { id: 'value', title: 'value' },
    ],
    rows: [...leaves(value)].map(([name, cell]) => [
      name.replace(/^texts\./, ''),
      visible(cut(cellText(cell), LONGEST_ALONE), '\n\t'),
    ]),
  };
}

/** The values of a row, those inside its objects by `field.part`. */
function leaves(row: JsonObject): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, value] of Object.entries(row)) {
    if (isPlain(value) && Object.keys(value).length > 0)
      for (const [part, inner] of Object.entries(value)) found.set(`${name}.${part}`, inner);
    else found.set(name, value);
  }
  return found;
}

function place(name: string): number {
  const [field = ''] = name.split('.', 1);
  if (FIRST.includes(field)) return FIRST.indexOf(field) - FIRST.length;
  return LAST.includes(field) ? 1 + LAST.indexOf(field) : 0;
}

/** Of `texts.claim` and `probabilities.yes` the part alone, where no other column is called so. */
function titleOf(name: string, names: readonly string[]): string {
  const part = (each: string) => each.slice(each.indexOf('.') + 1);
  if (name.startsWith('texts.')) return part(name);
  // A key has the name of a text.
  if (LAST.includes(name.split('.', 1)[0] ?? '')) return name;
  return names.filter((other) => part(other) === part(name)).length > 1 ? name : part(name);
}

/** A value as a cell of a table reads it. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return '—';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) {
    if (value.every(isSpan)) return value.map(({ type, start, end }) => `${type} ${start}–${end}`).join('; ');
    if (value.every((each) => typeof each !== 'object')) return value.map(cellText).join(', ');
  }
  return inspect(value, { depth: 2, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 6 });
}

function isSpan(value: unknown): value is { type: string; start: number; end: number } {
  return (
    isObject(value) &&
    typeof value['type'] === 'string' &&
    typeof value['start'] === 'number' &&
    'end' in value
  );
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return formatNumber(value, { format: 'decimal', digits: 0 });
  return Math.abs(value) < 0.001
    ? value.toPrecision(2)
    : formatNumber(value, { format: 'decimal', digits: 3 });
}

const counted = (count: number, what: string) =>
  `${formatNumber(count, { format: 'count' })} ${what}${count === 1 ? '' : 's'}`;
const oneLine = (text: string) => visible(cut(text.replace(/\s+/g, ' '), LONGEST));
const cut = (text: string, longest: number) =>
  text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
