import { minimise } from './lbfgs.js';
import type { SparseMatrix } from './sparse.js';
import { countsOf } from './targets.js';

/** A fitted classifier of sparse rows. */
export interface Logistic {
  /** Of feature 0 for each class that was met, of feature 1 ..., and last the intercepts. */
  readonly parameters: Float64Array;
  /** Natural log-probabilities of all classes for each row, those of row 0 first; minus infinity of a class not met. */
  logprobs(matrix: SparseMatrix): Float64Array;
}

export interface LogisticOptions {
  /** Number of classes. One without a row to learn from has no parameters: its intercept would be infinite. */
  readonly classes: number;
  /** Inverse penalty, scikit-learn's C. */
  readonly strength: number;
  /** What each row counts; default 1. */
  readonly weights?: ArrayLike<number>;
  /** Largest entry of the gradient at the end. Default 1e-5. */
  readonly tolerance?: number;
  /**
   * Whether each weight is measured in units of how sharply the loss bends along it, for which the gradient then is
   * too. Common words bend it a thousand times more than rare ones: on many rows this takes a tenth of the steps to
   * the same minimum. Default false.
   */
  readonly scaled?: boolean;
  /** Parameters to begin with, such as those under another penalty; the minimum is the same. Default all 0. */
  readonly start?: Float64Array;
}

/**
 * Fits multinomial logistic regression: minimises half the squared weights plus `strength` times the summed
 * cross-entropy, intercepts unpenalised, which is scikit-learn's LogisticRegression(C=strength). For two classes
 * scikit-learn has one vector of weights, the difference of ours: its penalty is twice ours. Of one class alone it
 * is certain.
 *
 * @param targets the class of each row, 0..classes-1.
 */
export function fitLogistic(
  matrix: SparseMatrix,
  targets: ArrayLike<number>,
  { classes: all, strength, weights, tolerance = 1e-5, scaled = false, start }: LogisticOptions,
): Logistic {
  const met = [...countsOf(targets, all)].flatMap((count, label) => (count > 0 ? label : []));
  const classes = met.length;
  const places = Int32Array.from(targets, (target) => met.indexOf(target));
  const factor = classes === 2 ? strength / 2 : strength;
  const counts = Float64Array.from({ length: matrix.rows }, (_, row) => factor * (weights?.[row] ?? 1));
  const scales = scaled ? curvatures(matrix, counts) : new Float64Array(matrix.columns + 1).fill(1);
  const columns = matrix.columns;
  const intercepts = classes * columns;
  const scores = new Float64Array(classes);
  const { starts, indices } = matrix;
  const values = scaled
    ? matrix.values.map((value, at) => value / (scales[indices[at] ?? 0] ?? 1))
    : matrix.values;
  const shift = scales[columns] ?? 1;
  const inner = { ...matrix, values };
  const penalties = scales.map((scale) => 1 / (scale * scale));
  const parameters = minimise(
    intercepts + classes,
    (point, gradient) => {
      let loss = 0;
      for (let column = 0, index = 0; column < columns; column++) {
        const penalty = penalties[column] ?? 1;
        for (let k = 0; k < classes; k++, index++) {
          const weight = point[index] ?? 0;
          gradient[index] = penalty * weight;
          loss += (penalty * weight * weight) / 2;
        }
      }
      gradient.fill(0, intercepts);
      for (let row = 0; row < matrix.rows; row++) {
        const place = places[row] ?? 0;
        const count = counts[row] ?? 0;
        writeLogprobs(point, shift, inner, row, scores, classes);
        loss -= count * (scores[place] ?? 0);
        for (let k = 0; k < classes; k++) {
          const residual = count * (Math.exp(scores[k] ?? 0) - (k === place ? 1 : 0));
          scores[k] = residual;
          add(gradient, intercepts + k, residual / shift);
        }
        const stop = starts[row + 1] ?? 0;
        for (let position = starts[row] ?? 0; position < stop; position++) {
          const first = classes * (indices[position] ?? 0);
          const value = values[position] ?? 0;
          for (let k = 0; k < classes; k++) add(gradient, first + k, (scores[k] ?? 0) * value);
        }
      }
      return loss;
    },
    {
      tolerance,
      ...(start && { start: start.map((weight, at) => weight * (scales[Math.floor(at / classes)] ?? 1)) }),
    },
  );
  if (scaled) {
    for (let index = 0; index < parameters.length; index++)
      parameters[index] = (parameters[index] ?? 0) / (scales[Math.floor(index / classes)] ?? 1);
  }
  return {
    parameters,
    logprobs(some) {
      const logprobs = new Float64Array(some.rows * all).fill(Number.NEGATIVE_INFINITY);
      for (let row = 0; row < some.rows; row++) {
        writeLogprobs(parameters, 1, some, row, scores, classes);
        for (const [place, label] of met.entries()) logprobs[row * all + label] = scores[place] ?? 0;
      }
      return logprobs;
    },
  };
}

/**
 * Of each column, and last of the intercepts, the root of the loss's second derivative where every class is as likely
 * as the others, but for a factor.
 */
function curvatures(
  { columns, rows, starts, indices, values }: SparseMatrix,
  counts: Float64Array,
): Float64Array {
  const bends = new Float64Array(columns + 1).fill(1);
  for (let row = 0; row < rows; row++) {
    const quarter = (counts[row] ?? 0) / 4;
    const stop = starts[row + 1] ?? 0;
    for (let position = starts[row] ?? 0; position < stop; position++) {
      add(bends, indices[position] ?? 0, quarter * (values[position] ?? 0) ** 2);
    }
    add(bends, columns, quarter);
  }
  return bends.map(Math.sqrt);
}

/** `parameters` holds the weights of feature 0 for each class, of feature 1 ..., and last the intercepts, times `shift`. */
function writeLogprobs(
  parameters: Float64Array,
  shift: number,
  { columns, starts, indices, values }: SparseMatrix,
  row: number,
  into: Float64Array,
  classes: number,
): void {
  for (let k = 0; k < classes; k++) into[k] = (parameters[classes * columns + k] ?? 0) / shift;
  const stop = starts[row + 1] ?? 0;
  for (let position = starts[row] ?? 0; position < stop; position++) {
    const first = classes * (indices[position] ?? 0);
    const value = values[position] ?? 0;
    for (let k = 0; k < classes; k++) add(into, k, value * (parameters[first + k] ?? 0));
  }
  let highest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < classes; k++) highest = Math.max(highest, into[k] ?? 0);
  let sum = 0;
  for (let k = 0; k < classes; k++) sum += Math.exp((into[k] ?? 0) - highest);
  const total = highest + Math.log(sum);
  for (let k = 0; k < classes; k++) add(into, k, -total);
}

function add(numbers: Float64Array, index: number, amount: number): void {
  numbers[index] = (numbers[index] ?? 0) + amount;
}
