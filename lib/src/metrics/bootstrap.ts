import { UserError } from '../project/error.js';
import { randomStream } from '../project/random.js';

/** An interval around an estimate, and how it was made. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Coverage aimed at, such as 0.95. */
  readonly level: number;
  /** What was drawn, and of how many: `percentile bootstrap over 450 rows`. */
  readonly method: string;
  readonly replicates: number;
}

/** Rows that are drawn together because they are not independent. */
export interface Clusters {
  /** What a cluster is, in the plural: `claims`. */
  readonly name: string;
  /** One key a row; rows of equal keys are a cluster. */
  readonly keys: readonly string[];
}

export interface BootstrapOptions {
  /** Drawn whole. Default: every row on its own. `linkedRows` makes those of a set of claims and documents. */
  readonly clusters?: Clusters;
  /** Default 2,000. */
  readonly replicates?: number;
  /** Default 0.95. */
  readonly level?: number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * Percentile bootstrap (Efron and Tibshirani 1993, chapter 13) of any statistic of `n` rows: as many rows, or whole
 * clusters (Field and Welsh 2007), as there are, drawn with replacement. `statistic` is given row indices in 0..n-1,
 * repeats included; the array is reused between calls. Equal seeds give equal intervals.
 *
 * Clusters are taken as independent and many. With few of them, or a few that hold most rows, intervals come out
 * too narrow (Cameron, Gelbach and Miller 2008). Where every replicate gives the same number, as where nothing is
 * predicted wrong, `low` equals `high`, and the interval says nothing of what another sample would give.
 * Throws UserError for no rows, an impossible option or a statistic that is not finite.
 */
export function bootstrap(
  n: number,
  statistic: (rows: Int32Array) => number,
  { clusters, replicates = 2000, level = 0.95, seed = 0 }: BootstrapOptions = {},
): Interval {
  if (n === 0) throw new UserError('no rows to draw from');
  if (!(Number.isInteger(replicates) && replicates > 0)) {
    throw new UserError(`replicates is ${replicates}`, {
      hint: 'Give a whole number above 0, such as 2000.',
    });
  }
  if (!(level > 0 && level < 1))
    throw new UserError(`level is ${level}`, { hint: 'Give one in 0..1, such as 0.95.' });
  if (clusters && clusters.keys.length !== n) {
    throw new UserError(`${n} rows but cluster keys of ${clusters.keys.length}`, {
      hint: 'Give one key a row, in the order of the rows.',
    });
  }

  const members = clusters && rowsByKey(clusters.keys);
  const units = members?.length ?? n;
  const longest = members ? Math.max(...members.map((rows) => rows.length)) : 1;
  const drawn = new Int32Array(units * longest);
  const random = randomStream('bootstrap', seed);
  const estimates = new Float64Array(replicates);
  for (let replicate = 0; replicate < replicates; replicate++) {
    let length = 0;
    for (let draw = 0; draw < units; draw++) {
      const unit = random.below(units);
      if (members) for (const row of members[unit] ?? []) drawn[length++] = row;
      else drawn[length++] = unit;
    }
    const estimate = statistic(drawn.subarray(0, length));
    if (!Number.isFinite(estimate))
      throw new UserError(`the statistic of a bootstrap replicate is ${estimate}`);
    estimates[replicate] = estimate;
  }
  estimates.sort();
  return {
    low: quantile(estimates, (1 - level) / 2),
    high: quantile(estimates, (1 + level) / 2),
    level,
    method: `percentile bootstrap over ${units.toLocaleString('en')} ${clusters?.name ?? 'rows'}`,
    replicates,
  };
}

function rowsByKey(keys: readonly string[]): readonly (readonly number[])[] {
  const rows = new Map<string, number[]>();
  for (const [row, key] of keys.entries()) {
    const known = rows.get(key);
    if (known) known.push(row);
    else rows.set(key, [row]);
  }
  return [...rows.values()];
}

/** The share-`q` quantile of ascending numbers, interpolated linearly between neighbours, as numpy does. */
function quantile(ascending: Float64Array, q: number): number {
  const position = q * (ascending.length - 1);
  const below = Math.floor(position);
  const low = ascending[below] ?? Number.NaN;
  const high = ascending[Math.min(below + 1, ascending.length - 1)] ?? Number.NaN;
  return low + (high - low) * (position - below);
}
