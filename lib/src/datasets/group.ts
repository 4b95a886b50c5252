import type { ExampleFacts } from '../tasks/example.js';

/** What may not be on both sides of a split: a row, a claim, a document that evidence is from, or the latter two. */
export type Grouping = 'row' | 'claim' | 'evidence' | 'both';

/** What of a row decides its group; no text is needed. */
export type LinkedRow = Pick<ExampleFacts, 'id' | 'claimId' | 'documentIds'>;

/** What of a row decides its group and stratum. */
export type GroupedRow = LinkedRow & Pick<ExampleFacts, 'label'>;

/**
 * Rows that have to stay together: the connected components of rows that share a key. A row with several documents
 * joins theirs, and for `both` claims and documents link one another.
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

/** The keys (of rows, claims or documents) that occur in both sets of rows: what leaks from one to the other. */
export function sharedKeys(
  some: readonly LinkedRow[],
  others: readonly LinkedRow[],
  grouping: Grouping,
): ReadonlySet<string> {
  const keys = new Set(some.flatMap((row) => keysOf(row, grouping)));
  return new Set(others.flatMap((row) => keysOf(row, grouping)).filter((key) => keys.has(key)));
}

function keysOf(row: LinkedRow, grouping: Grouping): readonly string[] {
  const claim = `claim ${row.claimId}`;
  const documents = row.documentIds.map((id) => `document ${id}`);
  switch (grouping) {
    case 'row':
      return [`row ${row.id}`];
    case 'claim':
      return [claim];
    case 'evidence':
      return documents;
    case 'both':
      return [claim, ...documents];
  }
}
