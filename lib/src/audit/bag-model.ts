import { fitLogistic } from '../learners/logistic.js';
import { UserError } from '../project/error.js';
import { fitBag, type Input } from './bag.js';
import { countsOf, type PairRow, targetsOf } from './pair.js';

/** A fitted classifier of bags of words. */
export interface BagModel {
  /** Natural log-probabilities of all labels for each row, those of row 0 first; minus infinity of a label not met. */
  logprobs(rows: readonly PairRow[]): Float64Array;
}

/** Inverse penalty of the audit's classifiers. */
export const BAG_STRENGTH = 5;

export interface BagModelOptions {
  /** Whether each label counts as much as the others, however many rows it has. Default true. */
  readonly balanced?: boolean;
  /** Largest entry of the gradient at the end. Default 1e-4: probabilities are then within 1e-4 of the minimum's. */
  readonly tolerance?: number;
}

/**
 * Logistic regression on TF-IDF of the words and word pairs of `input`, as scikit-learn's
 * LogisticRegression(C=5, class_weight="balanced") on TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
 * claim and evidence each with a vectorizer of its own. Neither knows the other: what it finds with both is still no
 * comparison of the two.
 *
 * @throws UserError where `train` has rows of one label alone.
 */
export function fitBagModel(
  input: Input,
  train: readonly PairRow[],
  labels: readonly string[],
  { strength = BAG_STRENGTH, ...options }: BagModelOptions & { readonly strength?: number } = {},
): BagModel {
  const [model] = bagModelPath(input, train, labels, [strength], options);
  if (!model) throw new Error('one penalty has one model');
  return model;
}

/**
 * `fitBagModel` under several inverse penalties, ascending, each fitted only when asked for and begun where the one before
 * has ended: a tenth of the steps from the origin.
 */
export function* bagModelPath(
  input: Input,
  train: readonly PairRow[],
  labels: readonly string[],
  strengths: readonly number[],
  { balanced = true, tolerance = 1e-4 }: BagModelOptions = {},
): Generator<BagModel & { readonly strength: number }, void> {
  const targets = targetsOf(train, labels);
  const counts = countsOf(targets, labels.length);
  const met = [...labels.keys()].filter((label) => (counts[label] ?? 0) > 0);
  if (met.length < 2) throw new UserError('a classifier cannot be fitted on rows of one label');
  const classOf = new Map(met.map((label, index) => [label, index]));
  const bag = fitBag(input, train, { longest: 2, minimum: 2, sublinear: true });
  const matrix = bag.matrix(train);
  const classes = targets.map((target) => classOf.get(target) ?? 0);
  const weights =
    balanced && Float64Array.from(targets, (target) => train.length / (met.length * (counts[target] ?? 1)));
  let start: Float64Array | undefined;
  for (const strength of strengths) {
    const model = fitLogistic(matrix, classes, {
      classes: met.length,
      strength,
      scaled: true,
      tolerance,
      ...(weights && { weights }),
      ...(start && { start }),
    });
    start = model.parameters;
    yield {
      strength,
      logprobs(rows) {
        const found = model.logprobs(bag.matrix(rows));
        const all = new Float64Array(rows.length * labels.length).fill(Number.NEGATIVE_INFINITY);
        for (let row = 0; row < rows.length; row++) {
          for (const [index, label] of met.entries())
            all[row * labels.length + label] = found[row * met.length + index] ?? 0;
        }
        return all;
      },
    };
  }
}

/** The most probable label of each row, of equals the first. */
export function mostProbable(logprobs: Float64Array, classes: number): Int32Array {
  const predicted = new Int32Array(logprobs.length / classes);
  for (let row = 0; row < predicted.length; row++) {
    let best = 0;
    for (let label = 1; label < classes; label++) {
      if ((logprobs[row * classes + label] ?? 0) > (logprobs[row * classes + best] ?? 0)) best = label;
    }
    predicted[row] = best;
  }
  return predicted;
}
