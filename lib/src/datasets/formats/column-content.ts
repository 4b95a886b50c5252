import type { Table } from './cells.js';

type Cells = Pick<Table, 'columns' | 'rows'>;

/** The columns whose cells have more than four words on average: texts. */
export const wordyColumns = ({ columns, rows }: Cells): readonly string[] =>
  columns.filter((_, at) => {
    const words = rows.reduce((sum, { cells }) => sum + wordsIn(cells[at] ?? ''), 0);
    return words > 4 * rows.length;
  });

/** Scripts that part no words; a word of theirs has two letters or so. */
const UNPARTED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Mymr}]/gu;

const wordsIn = (cell: string) => cell.split(' ').length + (cell.match(UNPARTED)?.length ?? 0) / 2;

/** Whether most of what texts say is in a script that parts no words, so that a sentence of it counts as one. */
export function isUnparted(texts: readonly string[]): boolean {
  const letters = texts.reduce((sum, text) => sum + (text.match(/\p{L}/gu)?.length ?? 0), 0);
  return 2 * texts.reduce((sum, text) => sum + (text.match(UNPARTED)?.length ?? 0), 0) > letters;
}

/** How a column's name may end that holds a label. */
export const LABEL_ENDING =
  /(?:label|class|category|verdict|judge?ment|sentiment|polarity|emotion|stance|intent|annotation)$/i;

/** What a column holds by its name, few values or not: where rows are from, and no answer about them. */
const NO_LABEL_NAME =
  /(?:^|[\s_-])(?:type|kind|source|split|set|fold|part|lang|language|locale|year|month|day|date|time|genre|domain|site|url|file|filename|author|speaker|user|gender|sex|age|country|state|city|location|annotator|worker|batch|version|round|count|length|len|id)$/i;

/**
 * The columns that hold labels by what is in them: 2 to 50 short values, each three times or more on average, in every
 * row; those left aside whose names say where a row is from.
 */
export const labelLike = ({ columns, rows }: Cells): readonly string[] => {
  const wordy = new Set(wordyColumns({ columns, rows }));
  return columns.filter((column, at) => {
    if (wordy.has(column) || NO_LABEL_NAME.test(column)) return false;
    const values = valuesIn(rows, at);
    return values !== undefined && values.size >= 2 && 3 * values.size <= rows.length;
  });
};

/** The values of a column, if they are few and short and no row lacks one. */
function valuesIn(rows: Table['rows'], at: number): ReadonlySet<string> | undefined {
  const values = new Set<string>();
  for (const { cells, values: own } of rows) {
    const cell = cells[at]?.trim() ?? '';
    if (cell === '' || cell.length > 60 || /^[[{]/.test(cell) || typeof own[at] === 'object')
      return undefined;
    if (values.add(cell).size > 50) return undefined;
  }
  return values;
}

/** Whether a first row is none of names: a label of it is one that the rows below have, and no cell is called as labels are. */
export function isRow(first: readonly string[], rows: Table['rows']): boolean {
  if (first.length < 2 || first.some((cell) => LABEL_ENDING.test(cell))) return false;
  const columns = first.map((_, at) => `${at + 1}`);
  const width = first.length;
  const even = rows.filter(({ cells }) => cells.length === width);
  return labelLike({ columns, rows: even }).some((column) => {
    const at = Number(column) - 1;
    return valuesIn(even, at)?.has(first[at]?.trim() ?? '');
  });
}

/** The two of some columns whose names differ in one mark of a pair alone: `sent_A` and `sent_B`, `#1 String` and `#2 String`. */
export function pairedNames(columns: readonly string[]): readonly [string, string] | undefined {
  const pairs = columns.flatMap((first, at) =>
    columns
      .slice(at + 1)
      .filter((second) => MARKS.some(([a, b]) => isMarked(first, second, a, b)))
      .map((second): [string, string] => [first, second]),
  );
  const [only, ...others] = pairs;
  return others.length === 0 ? only : undefined;
}

const MARKS = [
  ['0', '1'],
  ['1', '2'],
  ['a', 'b'],
] as const;

/** Whether the second name is the first with one mark in place of the other, once. */
function isMarked(first: string, second: string, a: string, b: string): boolean {
  if (first.length !== second.length) return false;
  const [one, two] = [first.toLowerCase(), second.toLowerCase()];
  const differ = [...one].flatMap((letter, at) => (letter === two[at] ? [] : [at]));
  const [at, ...more] = differ;
  return at !== undefined && more.length === 0 && one[at] === a && two[at] === b;
}
