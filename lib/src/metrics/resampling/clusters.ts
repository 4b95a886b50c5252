import { UserError } from '../../project/error.js';

/** Rows that are drawn together because they are not independent. */
export interface Clusters {
  /** What a cluster is, in the plural: `claims`. */
  readonly name: string;
  /** One key a row; rows of equal keys are a cluster. */
  readonly keys: readonly string[];
}

/** The rows of each unit that is drawn whole, in the order of its first row: a row, or a cluster of rows. */
export function unitsOf(rows: number, clusters?: Clusters): readonly (readonly number[])[] {
  if (rows === 0) throw new UserError('no rows to draw from');
  if (!clusters) return Array.from({ length: rows }, (_, row) => [row]);
  if (clusters.keys.length !== rows) {
    throw new UserError(`${rows} rows but cluster keys of ${clusters.keys.length}`, {
      hint: 'Give one key a row, in the order of the rows.',
    });
  }
  const units = new Map<string, number[]>();
  for (const [row, key] of clusters.keys.entries()) {
    const known = units.get(key);
    if (known) known.push(row);
    else units.set(key, [row]);
  }
  return [...units.values()];
}

/** `450 rows`, `1,200 claims`: what is drawn, and of how many. */
export function drawnUnits(units: number, clusters?: Clusters): string {
  return `${units.toLocaleString('en')} ${clusters?.name ?? 'rows'}`;
}

/**
 * How many clusters of equal size these are worth, if rows of a cluster are alike: (rows)^2 / sum of (rows of a cluster)^2, at
 * most as many as there are (Kish 1965; Carter, Schnepel and Steigerwald 2017, whose measure it is where scores vary with size).
 *
 * @example
 * const { rows } = await buildFacts('healthver/rows/test');
 * effectiveClusters(linkedRows(findTask('claim-verification'), rows)); // -> 20.5
 */
export function effectiveClusters(clusters: Clusters): number {
  const sizes = unitsOf(clusters.keys.length, clusters).map(({ length }) => length);
  return clusters.keys.length ** 2 / sizes.reduce((sum, size) => sum + size ** 2, 0);
}
