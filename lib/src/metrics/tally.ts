import type { Clusters } from './resampling.js';

/**
 * Rows reduced to what a score needs of them: how often each outcome occurs in each unit that is drawn whole, a row or
 * a cluster of rows. Units with the same counts are of one kind, so that drawing is counting kinds, and what is drawn
 * is summed by kind and not by row.
 */
export interface Tally {
  /** Each unit's kind. */
  readonly kinds: Uint32Array;
  /** Different outcomes; an outcome is a whole number below. */
  readonly width: number;
  /**
   * What the kinds hold, by outcome: for outcome o, from `starts[o]` up to and without `starts[o + 1]`, of which kind and
   * of how many rows of a unit.
   */
  readonly entries: {
    readonly starts: Uint32Array;
    readonly kind: Uint32Array;
    readonly count: Uint32Array;
  };
  readonly kindCount: number;
}

/** Tallies rows by their outcomes, below `width`. Without `keys` each row is a unit; else rows of equal keys are one. */
export function tallyOf(outcomes: ArrayLike<number>, width: number, keys?: readonly string[]): Tally {
  const units = keys ? rowsByKey(keys) : Array.from(outcomes, (_outcome, row) => [row]);
  const known = new Map<string, number>();
  const entries: { kind: number; outcome: number; count: number }[] = [];
  const kinds = units.map((rows) => {
    const counts = new Map<number, number>();
    for (const row of rows) {
      const outcome = outcomes[row] ?? 0;
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
    const held = [...counts].sort(([a], [b]) => a - b);
    const name = held.join(' ');
    const kind = known.get(name) ?? known.size;
    if (!known.has(name)) {
      known.set(name, kind);
      entries.push(...held.map(([outcome, count]) => ({ kind, outcome, count })));
    }
    return kind;
  });
  // One outcome after the other, so that summing writes each of them once.
  entries.sort((a, b) => a.outcome - b.outcome || a.kind - b.kind);
  const starts = new Uint32Array(width + 1);
  for (const { outcome } of entries) starts[outcome + 1] = (starts[outcome + 1] ?? 0) + 1;
  for (let outcome = 0; outcome < width; outcome++)
    starts[outcome + 1] = (starts[outcome + 1] ?? 0) + (starts[outcome] ?? 0);
  return {
    kinds: Uint32Array.from(kinds),
    width,
    entries: {
      starts,
      kind: Uint32Array.from(entries, ({ kind }) => kind),
      count: Uint32Array.from(entries, ({ count }) => count),
    },
    kindCount: known.size,
  };
}

/**
 * Outcomes of the same rows for several seeds as one list, seed after seed, those of each `width` further on than those
 * of the last; and what is drawn whole: a row, or a cluster of rows, with all its seeds.
 */
export function stacked(
  outcomes: readonly Uint8Array[],
  width: number,
  clusters?: Clusters,
): { readonly outcomes: Uint32Array; readonly width: number; readonly clusters: Clusters } {
  const { name, keys } = clusters ?? {
    name: 'rows',
    keys: Array.from(outcomes[0] ?? [], (_, row) => String(row)),
  };
  return {
    outcomes: Uint32Array.from(
      outcomes.flatMap((each, seed) => Array.from(each, (outcome) => width * seed + outcome)),
    ),
    width: width * outcomes.length,
    clusters: { name, keys: outcomes.flatMap(() => keys) },
  };
}

/** The mean over seeds of what is computed from each seed's own counts, `width` of them. */
export function meanOverSeeds(counts: Int32Array, width: number, of: (counts: Int32Array) => number): number {
  const seeds = counts.length / width;
  let sum = 0;
  for (let seed = 0; seed < seeds; seed++) sum += of(counts.subarray(width * seed, width * (seed + 1)));
  return sum / seeds;
}

/** A function of drawn units that gives how often each outcome occurs in them, repeats included; its array is reused. */
export function summing({ kinds, width, entries, kindCount }: Tally): (drawn: Int32Array) => Int32Array {
  const { starts, kind, count } = entries;
  const drawnKinds = new Int32Array(kindCount);
  const sums = new Int32Array(width);
  return (drawn) => {
    drawnKinds.fill(0);
    for (let index = 0; index < drawn.length; index++) {
      const of = kinds[drawn[index] ?? 0] ?? 0;
      drawnKinds[of] = (drawnKinds[of] ?? 0) + 1;
    }
    for (let outcome = 0; outcome < width; outcome++) {
      const end = starts[outcome + 1] ?? 0;
      let sum = 0;
      for (let entry = starts[outcome] ?? 0; entry < end; entry++)
        sum += (count[entry] ?? 0) * (drawnKinds[kind[entry] ?? 0] ?? 0);
      sums[outcome] = sum;
    }
    return sums;
  };
}

/** The rows of each key, keys in the order of their first row. */
export function rowsByKey(keys: readonly string[]): readonly (readonly number[])[] {
  const rows = new Map<string, number[]>();
  for (const [row, key] of keys.entries()) {
    const known = rows.get(key);
    if (known) known.push(row);
    else rows.set(key, [row]);
  }
  return [...rows.values()];
}
