import { UserError } from '../project/error.js';
import { alternatives, nearest } from '../project/nearest.js';
import type { Task } from '../tasks/task.js';
import { newKey } from './entry-check.js';
import { columnsLike, type Role } from './formats/columns.js';
import type { Table } from './formats/table.js';

/** Columns as a user has named them: by `gold`, `id`, a field or a key of the task. */
export type ToldColumns = Readonly<Record<string, string>>;

/** Which column of a table holds what, but for the answers. */
export interface RowColumns {
  readonly id?: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly keys: Readonly<Record<string, string>>;
}

/** Which column of a table holds what. */
export interface ProposedColumns extends RowColumns {
  readonly gold: string;
}

/** Names of columns with answers that no one-label data set has. */
const GOLD = [
  'labels',
  'tags',
  'topics',
  'spans',
  'entities',
  'annotations',
  'score',
  'rating',
  'similarity',
  'summary',
  'reference',
];

/**
 * The column of the answers: as told, else by its name; undefined where no name tells it.
 *
 * @throws UserError where there is none that is called as told.
 */
export function findGoldColumn(table: Table, told: ToldColumns): string | undefined {
  const given = toldColumn(table, told, 'gold');
  if (given !== undefined) return given;
  const ending = table.columns.filter((column) => /(?:label|class|category)$/i.test(column));
  const [found] = [
    ...columnsLike(table.columns, 'label'),
    ...GOLD.flatMap((name) => namedLike(table, name)),
    ...(ending.length === 1 ? ending : []),
  ];
  return found;
}

/** The same. @throws UserError naming the columns, where it cannot be told. */
export const goldColumn = (table: Table, told: ToldColumns): string =>
  findGoldColumn(table, told) ?? cannotTell(table, 'gold', 'the answers');

/**
 * The columns of a task: as told, else by the names of its fields and keys, else by those that published data sets give
 * what is asked of and what it is asked with. An id column counts only where no id occurs twice.
 *
 * @param adviceFor how the task would get a key that it has not.
 * @throws UserError naming the columns, where that of a field cannot be told.
 */
export function proposeColumns(
  table: Table,
  task: Task,
  told: ToldColumns,
  adviceFor?: (key: string) => string,
): ProposedColumns {
  refuseStray(task, told, adviceFor);
  const gold = goldColumn(table, told);
  return { ...rowColumns(table, task, told, [gold]), gold };
}

/**
 * The same but for the answers.
 *
 * @param others columns that hold something else.
 */
export function rowColumns(
  table: Table,
  task: Task,
  told: ToldColumns,
  others: readonly string[],
): RowColumns {
  const taken = new Set([...others, ...Object.values(told)]);
  const free = (columns: readonly string[]) => columns.find((column) => !taken.has(column));
  const take = (name: string | undefined) => {
    if (name !== undefined) taken.add(name);
    return name;
  };
  const roles: readonly Role[] = ['claim', 'evidence'];
  // A column named as a field is its, before any that are only like it.
  const named = new Map(
    Object.keys(task.fields).map((field) => [
      field,
      toldColumn(table, told, field) ?? take(free(namedLike(table, field))),
    ]),
  );
  const id =
    toldColumn(table, told, 'id') ??
    columnsLike(table.columns, 'id').find((column) => !repeatIn(table, column));
  take(id);
  const fields = Object.entries(task.fields).flatMap(([field, { optional }], index): [string, string][] => {
    const role = roles[index];
    const column = named.get(field) ?? take(role && free(columnsLike(table.columns, role)));
    if (column === undefined && !optional) return cannotTell(table, field, `the field ${field}`);
    return column === undefined ? [] : [[field, column]];
  });
  const keys = Object.keys(task.keys).flatMap((key): [string, string][] => {
    const like = [key, `${key}id`, `${key}ids`].flatMap((name) => namedLike(table, name));
    const documents = key === 'document' || key === 'evidence' ? columnsLike(table.columns, 'document') : [];
    const column = toldColumn(table, told, key) ?? take(free([...like, ...documents]));
    return column === undefined ? [] : [[key, column]];
  });
  // What only ends as an id does may be a key's.
  const rowId =
    id ??
    table.columns.find((column) => ID_ENDING.test(column) && !taken.has(column) && !repeatIn(table, column));
  return {
    ...(rowId !== undefined && { id: rowId }),
    fields: Object.fromEntries(fields),
    keys: Object.fromEntries(keys),
  };
}

/** `note_id`, `Case ID`, `noteId`. */
const ID_ENDING = /(?:[\s_.-](?:id|ID|Id)|[a-z0-9]I[dD])$/;

/** @throws UserError for a column that is told of what the task has not. */
export function refuseStray(
  task: Task,
  told: ToldColumns,
  adviceFor: (key: string) => string = (key) => newKey(task.name, key),
): void {
  const known = ['gold', 'id', ...Object.keys(task.fields), ...Object.keys(task.keys)];
  const stray = Object.keys(told).find((name) => !known.includes(name));
  if (stray !== undefined)
    throw new UserError(`the task ${task.name} has no field and no key "${stray}"`, {
      at: { field: '--columns' },
      hint: `${alternatives(stray, known)} ${adviceFor(stray)}`,
    });
}

const keyOf = (name: string) => name.toLowerCase().replace(/[\s_.-]/g, '');
const namedLike = ({ columns }: Table, name: string) =>
  columns.filter((column) => keyOf(column) === keyOf(name));

/** Also a path into objects, such as `meta.pmid`. */
function toldColumn(table: Table, told: ToldColumns, what: string): string | undefined {
  const name = told[what];
  const [head = ''] = name?.split('.') ?? [];
  if (name === undefined || table.columns.includes(name) || table.columns.includes(head)) return name;
  throw new UserError(`no column is called "${name}"`, {
    at: { file: table.file, field: `--columns ${what}` },
    hint: alternatives(name, table.columns, 'the file has'),
  });
}

function cannotTell(table: Table, what: string, meant: string): never {
  throw new UserError(`which column holds ${meant} cannot be told from the names`, {
    at: { file: table.file },
    hint: `Name it with --columns ${what}=COLUMN. The file has: ${table.columns.join(', ')}.`,
  });
}

/** The cells of a column. */
export function cellsOf(
  { columns, rows }: Table,
  name: string,
): readonly { readonly text: string; readonly value: unknown }[] {
  const at = columns.indexOf(name);
  return rows.map(({ cells, values }) => ({ text: (cells[at] ?? '').trim(), value: values[at] }));
}

/** The first row whose cell is empty, or is that of a row before it. */
function repeatIn(
  table: Table,
  column: string,
): { readonly text: string; readonly line: number } | undefined {
  const seen = new Set(['']);
  for (const [at, { text }] of cellsOf(table, column).entries()) {
    if (seen.has(text)) return { text, line: table.rows[at]?.line ?? 0 };
    seen.add(text);
  }
  return undefined;
}

/** An id column that names no row, since its ids come again, and where they do. */
export function repeatedIds(table: Table, columns: RowColumns): readonly string[] {
  const used = new Set([...Object.values(columns.fields), ...Object.values(columns.keys)]);
  const ids = columns.id === undefined ? columnsLike(table.columns, 'id') : [];
  return ids.flatMap((column) => {
    const repeat = used.has(column) ? undefined : repeatIn(table, column);
    if (!repeat) return [];
    const why = repeat.text === '' ? 'is empty' : `has "${repeat.text}" again`;
    return [
      `${table.file}:${repeat.line}: the column "${column}" ${why}, so that rows are not named by it but by their line`,
    ];
  });
}

/** What is left out of a proposal, and what it costs: an id column whose ids come again, and keys without a column. */
export function omissions(table: Table, task: Task, columns: ProposedColumns): readonly string[] {
  const used = new Set([columns.gold, ...Object.values(columns.fields), ...Object.values(columns.keys)]);
  const keyless = Object.keys(task.keys)
    .filter((key) => !(key in columns.keys) && !(key in task.fields))
    .map(
      (key) =>
        `${table.file}: no column is named for the key ${key} of the task ${task.name}: what rows of one ${key} share is not seen as a leak, splits may part them, and intervals take them as independent; name it with --columns ${key}=${
          nearest(
            key,
            table.columns.filter((column) => !used.has(column)),
          ) ?? 'COLUMN'
        }`,
    );
  if (columns.id !== undefined) used.add(columns.id);
  const heads = new Set([...used].map((column) => column.split('.')[0] ?? column));
  const aside = table.columns.filter((column) => !used.has(column) && !heads.has(column));
  const left =
    aside.length === 0
      ? []
      : [
          `${table.file}: left aside: ${aside
            .slice(0, 8)
            .map((column) => `"${column}"`)
            .join(
              ', ',
            )}${aside.length > 8 ? ` and ${aside.length - 8} more` : ''}; what rows share, such as a patient, is named by --keys, and its column by --columns`,
        ];
  return [...repeatedIds(table, columns), ...keyless, ...left];
}
