/** A vector given by its non-zero entries, indices ascending. */
export interface SparseVector {
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/** Sparse rows, one after another (CSR): the entries of row i lie from `starts[i]` to before `starts[i + 1]`. */
export interface SparseMatrix extends SparseVector {
  readonly rows: number;
  readonly columns: number;
  readonly starts: Int32Array;
}

/** The scalar product of two sparse vectors: the cosine, where both have length 1. */
export function dot(a: SparseVector, b: SparseVector): number {
  const other = new Map(Array.from(b.indices, (index, position) => [index, b.values[position] ?? 0]));
  return a.indices.reduce(
    (sum, index, position) => sum + (a.values[position] ?? 0) * (other.get(index) ?? 0),
    0,
  );
}

/** Matrices of as many rows, the columns of each after those of the one before. */
export function beside(matrices: readonly SparseMatrix[]): SparseMatrix {
  const [first] = matrices;
  if (first && matrices.length === 1) return first;
  const rows = first?.rows ?? 0;
  const entries = matrices.reduce((sum, { indices }) => sum + indices.length, 0);
  const starts = new Int32Array(rows + 1);
  const indices = new Int32Array(entries);
  const values = new Float64Array(entries);
  let end = 0;
  for (let row = 0; row < rows; row++) {
    let shift = 0;
    for (const matrix of matrices) {
      const stop = matrix.starts[row + 1] ?? 0;
      for (let position = matrix.starts[row] ?? 0; position < stop; position++, end++) {
        indices[end] = shift + (matrix.indices[position] ?? 0);
        values[end] = matrix.values[position] ?? 0;
      }
      shift += matrix.columns;
    }
    starts[row + 1] = end;
  }
  const columns = matrices.reduce((sum, matrix) => sum + matrix.columns, 0);
  return { rows, columns, starts, indices, values };
}

/** Some rows of a matrix, in the order given. */
export function rowsOf(matrix: SparseMatrix, chosen: ArrayLike<number>): SparseMatrix {
  const starts = new Int32Array(chosen.length + 1);
  for (let row = 0; row < chosen.length; row++) {
    const from = chosen[row] ?? 0;
    starts[row + 1] = (starts[row] ?? 0) + (matrix.starts[from + 1] ?? 0) - (matrix.starts[from] ?? 0);
  }
  const indices = new Int32Array(starts[chosen.length] ?? 0);
  const values = new Float64Array(indices.length);
  for (let row = 0; row < chosen.length; row++) {
    const from = chosen[row] ?? 0;
    const [start, stop] = [matrix.starts[from] ?? 0, matrix.starts[from + 1] ?? 0];
    indices.set(matrix.indices.subarray(start, stop), starts[row]);
    values.set(matrix.values.subarray(start, stop), starts[row]);
  }
  return { rows: chosen.length, columns: matrix.columns, starts, indices, values };
}
