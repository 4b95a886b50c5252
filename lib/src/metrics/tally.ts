/**
 * Rows reduced to what a score needs of them: how often each outcome occurs in each unit that is drawn whole, a row or
 * a cluster of rows. What is drawn is then summed by unit, not by row.
 */
export interface Tally {
  readonly units: number;
  /** Different outcomes; an outcome is a whole number below. */
  readonly width: number;
  /** Unit u holds the entries from `starts[u]` up to, and without, `starts[u + 1]`. */
  readonly starts: Int32Array;
  /** An entry's outcome, and how many rows of the unit have it. */
  readonly outcomes: Uint8Array;
  readonly counts: Int32Array;
}

/** Tallies rows by their outcomes, below `width`. Without `keys` each row is a unit; else rows of equal keys are one. */
export function tallyOf(outcomes: Uint8Array, width: number, keys?: readonly string[]): Tally {
  if (!keys) {
    return {
      units: outcomes.length,
      width,
      starts: Int32Array.from({ length: outcomes.length + 1 }, (_, row) => row),
      outcomes,
      counts: new Int32Array(outcomes.length).fill(1),
    };
  }
  const starts = [0];
  const found: number[] = [];
  const counts: number[] = [];
  for (const rows of rowsByKey(keys)) {
    const unit = new Map<number, number>();
    for (const row of rows) {
      const outcome = outcomes[row] ?? 0;
      unit.set(outcome, (unit.get(outcome) ?? 0) + 1);
    }
    found.push(...unit.keys());
    counts.push(...unit.values());
    starts.push(found.length);
  }
  return {
    units: starts.length - 1,
    width,
    starts: Int32Array.from(starts),
    outcomes: Uint8Array.from(found),
    counts: Int32Array.from(counts),
  };
}

/** How often each outcome occurs in the units at `drawn`, repeats included, written into `sum` of `width` numbers. */
export function sumUnits({ starts, outcomes, counts }: Tally, drawn: Int32Array, sum: Int32Array): void {
  sum.fill(0);
  for (let index = 0; index < drawn.length; index++) {
    const unit = drawn[index] ?? 0;
    const end = starts[unit + 1] ?? 0;
    for (let entry = starts[unit] ?? 0; entry < end; entry++) {
      const outcome = outcomes[entry] ?? 0;
      sum[outcome] = (sum[outcome] ?? 0) + (counts[entry] ?? 0);
    }
  }
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
