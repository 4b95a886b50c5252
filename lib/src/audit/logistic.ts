import type { SparseMatrix } from '../datasets/sparse.js';
import { minimise } from './lbfgs.js';

/** A fitted classifier of sparse rows. */
export interface Logistic {
  /** Natural log-probabilities of the classes for each row: rows * classes, those of row 0 first. */
  logprobs(matrix: SparseMatrix): Float64Array;
}

export interface LogisticOptions {
  /** Number of classes, at least two, each with a row to learn from: its intercept would else be infinite. */
  readonly classes: number;
  /** Inverse penalty, scikit-learn's C. */
  readonly strength: number;
  /** What each row counts; default 1. */
  readonly weights?: ArrayLike<number>;
  /** Largest entry of the gradient at the end. Default 1e-5. */
  readonly tolerance?: number;
}

/**
 * Fits multinomial logistic regression: minimises half the squared weights plus `strength` times the summed
 * cross-entropy, intercepts unpenalised, which is scikit-learn's LogisticRegression(C=strength). For two classes
 * scikit-learn has one vector of weights, the difference of ours: its penalty is twice ours.
 *
 * @param targets the class of each row, 0..classes-1.
 */
export function fitLogistic(
  matrix: SparseMatrix,
  targets: ArrayLike<number>,
  { classes, strength, weights, tolerance = 1e-5 }: LogisticOptions,
): Logistic {
  const factor = classes === 2 ? strength / 2 : strength;
  const intercepts = classes * matrix.columns;
  const scores = new Float64Array(classes);
  const { starts, indices, values } = matrix;
  const parameters = minimise(
    intercepts + classes,
    (point, gradient) => {
      let loss = 0;
      for (let index = 0; index < intercepts; index++) {
        const weight = point[index] ?? 0;
        gradient[index] = weight;
        loss += (weight * weight) / 2;
      }
      gradient.fill(0, intercepts);
      for (let row = 0; row < matrix.rows; row++) {
        const target = targets[row] ?? 0;
        const counts = factor * (weights ? (weights[row] ?? 0) : 1);
        writeLogprobs(point, matrix, row, scores, 0, classes);
        loss -= counts * (scores[target] ?? 0);
        for (let k = 0; k < classes; k++) {
          const residual = counts * (Math.exp(scores[k] ?? 0) - (k === target ? 1 : 0));
          scores[k] = residual;
          add(gradient, intercepts + k, residual);
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
    { tolerance },
  );
  return {
    logprobs(some) {
      const all = new Float64Array(some.rows * classes);
      for (let row = 0; row < some.rows; row++)
        writeLogprobs(parameters, some, row, all, row * classes, classes);
      return all;
    },
  };
}

/** `parameters` holds the weights of feature 0 for each class, of feature 1 ..., and last the intercepts. */
function writeLogprobs(
  parameters: Float64Array,
  { columns, starts, indices, values }: SparseMatrix,
  row: number,
  into: Float64Array,
  at: number,
  classes: number,
): void {
  for (let k = 0; k < classes; k++) into[at + k] = parameters[classes * columns + k] ?? 0;
  const stop = starts[row + 1] ?? 0;
  for (let position = starts[row] ?? 0; position < stop; position++) {
    const first = classes * (indices[position] ?? 0);
    const value = values[position] ?? 0;
    for (let k = 0; k < classes; k++) add(into, at + k, value * (parameters[first + k] ?? 0));
  }
  let highest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < classes; k++) highest = Math.max(highest, into[at + k] ?? 0);
  let sum = 0;
  for (let k = 0; k < classes; k++) sum += Math.exp((into[at + k] ?? 0) - highest);
  const total = highest + Math.log(sum);
  for (let k = 0; k < classes; k++) add(into, at + k, -total);
}

function add(numbers: Float64Array, index: number, amount: number): void {
  numbers[index] = (numbers[index] ?? 0) + amount;
}
