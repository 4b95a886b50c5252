import { UserError } from '../project/error.js';

/** Rows that are drawn together because they are not independent. */
export interface Clusters {
  /** What a cluster is, in the plural: `claims`. */
  readonly name: string;
  /** One key a row; rows of equal keys are a cluster. */
  readonly keys: readonly string[];
}

/** What anything that draws rows again and again is told. */
export interface ResamplingOptions {
  /** Drawn whole. Default: every row on its own. `linkedRows` makes those of a set of claims and documents. */
  readonly clusters?: Clusters;
  readonly replicates?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** Throws UserError for no rows, clusters of other rows, and a number of replicates that is not a whole one above 0. */
export function checkResampling(n: number, { clusters, replicates }: ResamplingOptions): void {
  if (n === 0) throw new UserError('no rows to draw from');
  if (replicates !== undefined && !(Number.isInteger(replicates) && replicates > 0)) {
    throw new UserError(`replicates is ${replicates}`, {
      hint: 'Give a whole number above 0, such as 2000.',
    });
  }
  if (clusters && clusters.keys.length !== n) {
    throw new UserError(`${n} rows but cluster keys of ${clusters.keys.length}`, {
      hint: 'Give one key a row, in the order of the rows.',
    });
  }
}

/** Throws UserError for a level outside 0..1, both ends excluded. */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1))
    throw new UserError(`level is ${level}`, { hint: 'Give one in 0..1, such as 0.95.' });
}

/** `450 rows`, `1,200 claims`: what is drawn, and of how many. */
export function drawnUnits(units: number, clusters?: Clusters): string {
  return `${units.toLocaleString('en')} ${clusters?.name ?? 'rows'}`;
}

/** The share-`q` quantile of ascending numbers, interpolated linearly between neighbours, as numpy does. */
export function quantile(ascending: Float64Array, q: number): number {
  const position = q * (ascending.length - 1);
  const below = Math.floor(position);
  const low = ascending[below] ?? Number.NaN;
  const high = ascending[Math.min(below + 1, ascending.length - 1)] ?? Number.NaN;
  return low + (high - low) * (position - below);
}
