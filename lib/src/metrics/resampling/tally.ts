import type { Vectors } from './vectors.js';

/**
 * Units, each of which is drawn whole: a row, or a cluster of rows. Units that add the same are of one kind, so that
 * drawing is counting kinds, and what is drawn is summed by kind and not by row.
 */
export interface Tally {
  readonly width: number;
  /** Each unit's kind. */
  readonly kinds: Uint32Array;
  readonly kindCount: number;
  /**
   * What the kinds add, by component: to component c, from `starts[c]` up to and without `starts[c + 1]`, which kind and
   * how much.
   */
  readonly starts: Uint32Array;
  readonly kind: Uint32Array;
  readonly value: Float64Array;
}

/** Tallies vectors by `units`, which are lists of rows. */
export function tallyOf(
  { width, starts: rowStarts, components, values }: Vectors,
  units: readonly (readonly number[])[],
): Tally {
  const known = new Map<string, number>();
  const entries: { readonly kind: number; readonly component: number; readonly value: number }[] = [];
  const kinds = Uint32Array.from(units, (rows) => {
    const sums = new Map<number, number>();
    for (const row of rows) {
      const end = rowStarts[row + 1] ?? 0;
      for (let entry = rowStarts[row] ?? 0; entry < end; entry++) {
        const component = components[entry] ?? 0;
        sums.set(component, (sums.get(component) ?? 0) + (values[entry] ?? 0));
      }
    }
    const added = [...sums].sort(([a], [b]) => a - b);
    const name = added.join(' ');
    const kind = known.get(name) ?? known.size;
    if (!known.has(name)) {
      known.set(name, kind);
      for (const [component, value] of added) entries.push({ kind, component, value });
    }
    return kind;
  });
  // One component after the other, so that summing writes each of them once.
  entries.sort((a, b) => a.component - b.component || a.kind - b.kind);
  const starts = new Uint32Array(width + 1);
  for (const { component } of entries) starts[component + 1] = (starts[component + 1] ?? 0) + 1;
  for (let component = 0; component < width; component++)
    starts[component + 1] = (starts[component + 1] ?? 0) + (starts[component] ?? 0);
  return {
    width,
    kinds,
    kindCount: known.size,
    starts,
    kind: Uint32Array.from(entries, ({ kind }) => kind),
    value: Float64Array.from(entries, ({ value }) => value),
  };
}

/** A function of drawn units, repeats included, that gives what they add up to; its array is reused. */
export function summing({ width, kinds, kindCount, starts, kind, value }: Tally) {
  const drawnKinds = new Int32Array(kindCount);
  const sums = new Float64Array(width);
  return (drawn: Int32Array): Float64Array => {
    drawnKinds.fill(0);
    for (let index = 0; index < drawn.length; index++) {
      const of = kinds[drawn[index] ?? 0] ?? 0;
      drawnKinds[of] = (drawnKinds[of] ?? 0) + 1;
    }
    for (let component = 0; component < width; component++) {
      const end = starts[component + 1] ?? 0;
      let sum = 0;
      for (let entry = starts[component] ?? 0; entry < end; entry++)
        sum += (value[entry] ?? 0) * (drawnKinds[kind[entry] ?? 0] ?? 0);
      sums[component] = sum;
    }
    return sums;
  };
}

/** What each kind adds, all components of a kind side by side: `kindCount` times `width` numbers. */
export function denseKinds({ width, kindCount, starts, kind, value }: Tally): Float64Array {
  const dense = new Float64Array(kindCount * width);
  for (let component = 0; component < width; component++) {
    const end = starts[component + 1] ?? 0;
    for (let entry = starts[component] ?? 0; entry < end; entry++)
      dense[(kind[entry] ?? 0) * width + component] = value[entry] ?? 0;
  }
  return dense;
}
