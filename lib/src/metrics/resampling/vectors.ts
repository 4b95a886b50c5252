/**
 * What each of some rows adds to a sum of `width` numbers. Most of it is zero, so what is kept is, for row r, from
 * `starts[r]` up to and without `starts[r + 1]`, that it adds `values[entry]` to component `components[entry]`.
 */
export interface Vectors {
  readonly width: number;
  readonly starts: Uint32Array;
  readonly components: Uint32Array;
  readonly values: Float64Array;
}

/** Adds to a component of a sum, 1 unless said otherwise. */
export type Add = (component: number, value?: number) => void;

/** The vectors of `rows` rows, each as `addRow` adds it. */
export function vectorsOf(rows: number, width: number, addRow: (row: number, add: Add) => void): Vectors {
  const starts = new Uint32Array(rows + 1);
  const components: number[] = [];
  const values: number[] = [];
  const add: Add = (component, value = 1) => {
    components.push(component);
    values.push(value);
  };
  for (let row = 0; row < rows; row++) {
    addRow(row, add);
    starts[row + 1] = components.length;
  }
  return { width, starts, components: Uint32Array.from(components), values: Float64Array.from(values) };
}

/** Vectors of the same rows side by side: those of each part follow those of the part before it. */
export function sideBySide(parts: readonly Vectors[]): Vectors {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  const offsets = offsetsOf(parts);
  return vectorsOf((first?.starts.length ?? 1) - 1, offsets.at(-1) ?? 0, (row, add) => {
    for (const [index, { starts, components, values }] of parts.entries()) {
      const end = starts[row + 1] ?? 0;
      for (let entry = starts[row] ?? 0; entry < end; entry++)
        add((offsets[index] ?? 0) + (components[entry] ?? 0), values[entry]);
    }
  });
}

/** Where each part begins when they stand side by side, and where the last ends. */
export function offsetsOf(parts: readonly { readonly width: number }[]): readonly number[] {
  let end = 0;
  return [0, ...parts.map(({ width }) => (end += width))];
}

/** What all rows add up to. */
export function total({ width, components, values }: Vectors): Float64Array {
  const sums = new Float64Array(width);
  for (let entry = 0; entry < components.length; entry++) {
    const component = components[entry] ?? 0;
    sums[component] = (sums[component] ?? 0) + (values[entry] ?? 0);
  }
  return sums;
}
