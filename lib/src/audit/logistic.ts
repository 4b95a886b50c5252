import { LABELS, type Label } from '../datasets/example.js';
import type { SparseVector } from '../datasets/tfidf.js';
import type { LabelLogprobs } from '../metrics/prediction.js';
import { UserError } from '../project/error.js';
import { minimise } from './lbfgs.js';

/** A fitted classifier of sparse vectors. */
export interface Logistic {
  /** Log-probabilities of the labels for one vector. */
  logprobs(features: SparseVector): LabelLogprobs;
}

/**
 * Fits multinomial logistic regression: minimises half the squared weights plus `strength` times the summed
 * cross-entropy, intercepts unpenalised, which is scikit-learn's LogisticRegression(C=strength).
 * `size` is the length of the vectors. Throws UserError where a label has no row: its intercept would be infinite.
 */
export function fitLogistic(
  rows: readonly { readonly features: SparseVector; readonly label: Label }[],
  { size, strength }: { size: number; strength: number },
): Logistic {
  for (const label of LABELS) {
    if (!rows.some((row) => row.label === label))
      throw new UserError(`no row to learn from is labelled ${label}`);
  }
  const targets = rows.map(({ features, label }) => ({ features, target: LABELS.indexOf(label) }));
  const intercepts = 3 * size;
  const parameters = minimise(
    intercepts + 3,
    (point, gradient) => {
      let loss = 0;
      for (let index = 0; index < intercepts; index++) {
        const weight = point[index] ?? 0;
        gradient[index] = weight;
        loss += (weight * weight) / 2;
      }
      gradient.fill(0, intercepts);
      for (const { features, target } of targets) {
        const logprobs = logprobsAt(point, features, intercepts);
        loss -= strength * (logprobs[target] ?? 0);
        for (let k = 0; k < 3; k++) {
          const residual = strength * (Math.exp(logprobs[k] ?? 0) - (k === target ? 1 : 0));
          add(gradient, intercepts + k, residual);
          for (let position = 0; position < features.indices.length; position++) {
            add(
              gradient,
              3 * (features.indices[position] ?? 0) + k,
              residual * (features.values[position] ?? 0),
            );
          }
        }
      }
      return loss;
    },
    { tolerance: 1e-5 },
  );
  return { logprobs: (features) => logprobsAt(parameters, features, intercepts) };
}

/** `parameters` holds the three weights of feature 0, of feature 1 ..., and last the three intercepts. */
function logprobsAt(parameters: Float64Array, features: SparseVector, intercepts: number): LabelLogprobs {
  let [a = 0, b = 0, c = 0] = parameters.subarray(intercepts);
  for (let position = 0; position < features.indices.length; position++) {
    const feature = features.indices[position] ?? 0;
    const value = features.values[position] ?? 0;
    a += value * (parameters[3 * feature] ?? 0);
    b += value * (parameters[3 * feature + 1] ?? 0);
    c += value * (parameters[3 * feature + 2] ?? 0);
  }
  const highest = Math.max(a, b, c);
  const total = highest + Math.log(Math.exp(a - highest) + Math.exp(b - highest) + Math.exp(c - highest));
  return [a - total, b - total, c - total];
}

function add(numbers: Float64Array, index: number, amount: number): void {
  numbers[index] = (numbers[index] ?? 0) + amount;
}
