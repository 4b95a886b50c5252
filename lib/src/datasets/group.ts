import { type Row, type RowFacts, textOf } from '../tasks/row.js';
import { normalForm } from './normal-form.js';

/**
 * What may not be on both sides of a split: a row (`row`), whatever rows share (`all`), or what they share of one key of
 * the task, such as `claim`.
 */
export type Grouping = 'row' | 'all' | (string & {});

/** What of a row decides its group; no text is needed. */
export type LinkedRow = Pick<RowFacts, 'id' | 'keys'>;

/**
 * Rows that have to stay together: the connected components of rows that share a key. A row with several values of a
 * key, such as documents, joins theirs, and for `all` the keys link one another.
 *
 * @returns indices into `rows`, ascending within a group; groups in the order of their first row.
 */
export function groupsOf(rows: readonly LinkedRow[], grouping: Grouping): readonly (readonly number[])[] {
  const parent = rows.map((_, index) => index);
  const root = (index: number): number => {
    let at = index;
    for (let up = parent[at]; up !== undefined && up !== at; up = parent[at]) {
      parent[at] = parent[up] ?? up;
      at = up;
    }
    return at;
  };
  const firstWith = new Map<string, number>();
  rows.forEach((row, index) => {
    for (const key of keysOf(row, grouping)) {
      const first = firstWith.get(key);
      if (first === undefined) firstWith.set(key, index);
      else {
        const [low, high] = [root(first), root(index)].sort((a, b) => a - b);
        if (low !== undefined && high !== undefined) parent[high] = low;
      }
    }
  });
  const members = new Map<number, number[]>();
  rows.forEach((_, index) => {
    const group = members.get(root(index));
    if (group) group.push(index);
    else members.set(root(index), [index]);
  });
  return [...members.values()];
}

/**
 * Rows as linked by their texts too: each text in normal form is a value of the key that its field is called, beside those
 * that a row is given. Rows with the same texts throughout are one row, by whatever they are grouped; an empty text links
 * no others.
 */
export function linkedByText(
  rows: readonly Pick<Row, 'id' | 'keys' | 'texts'>[],
  fields: readonly string[],
): readonly LinkedRow[] {
  return rows.map((row) => {
    const forms = fields.map((field) => normalForm(textOf(row, field)));
    const id = forms.some(Boolean) ? `text ${forms.join('\n')}` : row.id;
    const links = fields.map((field, index): [string, readonly string[]] => [
      field,
      [...(row.keys[field] ?? []), forms[index] || id],
    ]);
    return { id, keys: { ...row.keys, ...Object.fromEntries(links) } };
  });
}

/**
 * Rows as clusters, to be drawn whole: those of the first grouping of `tried` that links any rows, and puts no more than a
 * share of them (`most`, default all) in one group, since of a single cluster there is nothing to draw; or else each row alone.
 * Rows of a claim are alike, and so are rows of an evidence text, and only the connected components (`all`) share neither:
 * drawing claims alone takes rows that quote one document as independent.
 *
 * @returns a key a row; rows of equal keys are a cluster.
 */
export function clustersOf(
  rows: readonly LinkedRow[],
  tried: readonly (readonly [by: Grouping, name: string, most?: number])[],
): { readonly name: string; readonly keys: readonly string[] } {
  for (const [grouping, name, most = 1] of tried) {
    const groups = groupsOf(rows, grouping);
    if (groups.length === rows.length || groups.some((members) => members.length > most * rows.length))
      continue;
    const keys: string[] = [];
    for (const [cluster, members] of groups.entries()) for (const row of members) keys[row] = String(cluster);
    return { name, keys };
  }
  return { name: 'rows', keys: rows.map((_row, index) => String(index)) };
}

/** The keys (of rows, claims, documents ...) that occur in both sets of rows: what leaks from one to the other. */
export function sharedKeys(
  some: readonly LinkedRow[],
  others: readonly LinkedRow[],
  grouping: Grouping,
): ReadonlySet<string> {
  const keys = new Set(some.flatMap((row) => keysOf(row, grouping)));
  return new Set(others.flatMap((row) => keysOf(row, grouping)).filter((key) => keys.has(key)));
}

function keysOf({ id, keys }: LinkedRow, grouping: Grouping): readonly string[] {
  if (grouping === 'row') return [`row ${id}`];
  return Object.entries(keys)
    .filter(([name]) => grouping === 'all' || name === grouping)
    .flatMap(([name, values]) => values.map((value) => `${name} ${value}`));
}

/** What a random stream calls a grouping: `both` where all keys are two, so that what was drawn as that is drawn again. */
export const groupingName = ([row]: readonly LinkedRow[], grouping: Grouping): string =>
  grouping === 'all' && Object.keys(row?.keys ?? {}).length === 2 ? 'both' : grouping;
