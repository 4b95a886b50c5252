import { commonest } from './majority.js';

/** A decision tree over numbers of a row: which label, or which side to go on. */
export type Tree = Leaf | Branch;

interface Leaf {
  /** Index of the commonest label of the training rows here; of equals the first. */
  readonly label: number;
  readonly rows: number;
}

interface Branch {
  /** Index of the feature. */
  readonly feature: number;
  /** Rows whose number is at most this go below, the others above. Midway between numbers that occur. */
  readonly threshold: number;
  readonly below: Tree;
  readonly above: Tree;
}

/**
 * Grows a classification tree by CART (Breiman et al. 1984): each node is split where that lowers the Gini impurity
 * most, of equals at the first feature and lowest threshold, until `depth` or a node that no split makes purer. The same
 * as scikit-learn's DecisionTreeClassifier(max_depth=depth), but for its random choice among equals, and for its splits
 * that make nothing purer.
 *
 * @param features of each feature its number in every row.
 */
export function growTree(
  features: readonly Float64Array[],
  targets: ArrayLike<number>,
  { classes, depth }: { readonly classes: number; readonly depth: number },
): Tree {
  const ranked = features.map(ranksOf);
  const grow = (rows: Int32Array, left: number): Tree => {
    const counts = new Float64Array(classes);
    for (const row of rows) bump(counts, targets[row] ?? 0);
    const split = left > 0 ? bestSplit(ranked, targets, rows, counts) : undefined;
    if (!split) return { label: commonest(counts), rows: rows.length };
    const numbers = features[split.feature] ?? new Float64Array();
    const side = (below: boolean) =>
      grow(
        rows.filter((row) => (numbers[row] ?? 0) <= split.threshold === below),
        left - 1,
      );
    return merged({ ...split, below: side(true), above: side(false) });
  };
  return grow(
    Int32Array.from({ length: targets.length }, (_, row) => row),
    depth,
  );
}

/** The label of each row. */
export function classify(tree: Tree, features: readonly Float64Array[]): Int32Array {
  return Int32Array.from({ length: features[0]?.length ?? 0 }, (_, row) => {
    let at = tree;
    while ('feature' in at) at = (features[at.feature]?.[row] ?? 0) <= at.threshold ? at.below : at.above;
    return at.label;
  });
}

/** What a tree calls a feature; one that is 0 or 1 by what 0 means and what 1 does. */
export interface FeatureName {
  readonly name: string;
  readonly either?: readonly [string, string];
}

/**
 * A tree in words, to be read from left to right until a part holds: `MAYBE where A is at most 0.5; YES where B is at most
 * 3; else NO`. That a number is above a threshold need not be said: rows below it have found their part before.
 */
export function saying(tree: Tree, features: readonly FeatureName[], labels: readonly string[]): string {
  const parts = partsOf(tree, new Map());
  const needed = parts.filter((part, index) => {
    const next = parts[index + 1];
    return !next || next.label !== part.label || !within(part.most, next.most);
  });
  const only = needed.length === 1;
  return needed
    .map(({ label, most }) => {
      const name = labels[label] ?? '';
      if (only) return `${name}, always`;
      const conditions = Array.from(most, ([feature, threshold]) => {
        const { name: number = '', either } = features[feature] ?? {};
        return either?.[0] ?? `${number} is at most ${Number(threshold.toPrecision(3))}`;
      });
      return conditions.length === 0 ? `else ${name}` : `${name} where ${conditions.join(' and ')}`;
    })
    .join('; ');
}

/** Of features the number that rows have at most. */
type Most = ReadonlyMap<number, number>;

/** The leaves from left to right, each with what its rows have at most. */
function partsOf(tree: Tree, most: Most): readonly { readonly label: number; readonly most: Most }[] {
  if (!('feature' in tree)) return [{ label: tree.label, most }];
  const { feature, threshold, below, above } = tree;
  // Below a threshold there can only be a lower one of the same feature.
  return [...partsOf(below, new Map([...most, [feature, threshold]])), ...partsOf(above, most)];
}

/** Whether rows that have at most `some` have at most `others` too. */
function within(some: Most, others: Most): boolean {
  return [...others].every(
    ([feature, threshold]) => (some.get(feature) ?? Number.POSITIVE_INFINITY) <= threshold,
  );
}

/** Two leaves of one label are one. */
function merged(branch: Branch): Tree {
  const { below, above } = branch;
  if ('feature' in below || 'feature' in above || below.label !== above.label) return branch;
  return { label: below.label, rows: below.rows + above.rows };
}

/** Numbers as ranks among those that occur, so that a node is split by counting and not by sorting. */
function ranksOf(numbers: Float64Array) {
  const sorted = numbers.slice().sort();
  const distinct = sorted.filter((number, index) => index === 0 || number !== sorted[index - 1]);
  const rankOf = new Map(Array.from(distinct, (number, rank) => [number, rank]));
  return { distinct, ranks: Int32Array.from(numbers, (number) => rankOf.get(number) ?? 0) };
}

function bestSplit(
  ranked: readonly { readonly distinct: Float64Array; readonly ranks: Int32Array }[],
  targets: ArrayLike<number>,
  rows: Int32Array,
  counts: Float64Array,
): { readonly feature: number; readonly threshold: number } | undefined {
  const classes = counts.length;
  // The purity of a side is its summed squared counts over its rows: the higher, the lower the Gini impurity.
  let best = purity(counts) + 1e-9;
  let found: { feature: number; threshold: number } | undefined;
  for (const [feature, { distinct, ranks }] of ranked.entries()) {
    const table = new Int32Array(distinct.length * classes);
    for (const row of rows) bump(table, (ranks[row] ?? 0) * classes + (targets[row] ?? 0));
    const below = new Float64Array(classes);
    const above = counts.slice();
    let last = -1;
    for (let rank = 0; rank < distinct.length; rank++) {
      const here = table.subarray(rank * classes, (rank + 1) * classes);
      if (here.every((count) => count === 0)) continue;
      if (last >= 0) {
        const reached = purity(below) + purity(above);
        if (reached > best + 1e-9) {
          best = reached;
          found = { feature, threshold: ((distinct[last] ?? 0) + (distinct[rank] ?? 0)) / 2 };
        }
      }
      for (let label = 0; label < classes; label++) {
        below[label] = (below[label] ?? 0) + (here[label] ?? 0);
        above[label] = (above[label] ?? 0) - (here[label] ?? 0);
      }
      last = rank;
    }
  }
  return found;
}

function purity(counts: Float64Array): number {
  let rows = 0;
  let squares = 0;
  for (let label = 0; label < counts.length; label++) {
    const count = counts[label] ?? 0;
    rows += count;
    squares += count * count;
  }
  return rows === 0 ? 0 : squares / rows;
}

function bump(counts: Int32Array | Float64Array, index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}
