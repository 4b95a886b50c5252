import { fitLogistic, type LogisticOptions } from './logistic.js';
import { beside, type SparseMatrix } from './sparse.js';
import { countsOf } from './targets.js';
import { fitTfidf, type TfidfOptions } from './tfidf.js';

/** The texts of rows, a list for each of their fields: `[claims, evidence]`. */
export type Texts = readonly (readonly string[])[];

/** Texts as bags of weighted words and word pairs, those of each field apart. */
export interface Bag {
  matrix(texts: Texts): SparseMatrix;
}

/** Learns the terms of each field. */
export function fitBag(texts: Texts, options: TfidfOptions): Bag {
  const fields = texts.map((each) => fitTfidf(each, options));
  return { matrix: (some) => beside(fields.map((tfidf, field) => tfidf.matrix(some[field] ?? []))) };
}

export interface TextClassifierSettings extends Pick<LogisticOptions, 'scaled' | 'tolerance'> {
  readonly terms: TfidfOptions;
  /** Inverse penalty, scikit-learn's C. */
  readonly strength: number;
  /** Whether each class counts as much as the others, however many rows it has. Default false. */
  readonly balanced?: boolean;
}

/** A fitted classifier of texts. */
export interface TextClassifier {
  readonly strength: number;
  /** Natural log-probabilities of all classes for each row, those of row 0 first; minus infinity of a class not met. */
  logprobs(texts: Texts): Float64Array;
}

/**
 * Multinomial logistic regression (`fitLogistic`) on TF-IDF (`fitTfidf`) of words, and word pairs if so set; each field has
 * a vectorizer of its own. Of several fields none knows the others: what it finds with all is still no comparison of them.
 *
 * @param targets the class of each row, 0..classes-1.
 */
export function fitTextClassifier(
  texts: Texts,
  targets: ArrayLike<number>,
  classes: number,
  settings: TextClassifierSettings,
): TextClassifier {
  const [model] = textClassifierPath(texts, targets, classes, [settings.strength], settings);
  if (!model) throw new Error('one penalty has one model');
  return model;
}

/**
 * `fitTextClassifier` under several inverse penalties, ascending, each fitted only when asked for and begun where the one
 * before has ended: a tenth of the steps from the origin.
 */
export function* textClassifierPath(
  texts: Texts,
  targets: ArrayLike<number>,
  classes: number,
  strengths: readonly number[],
  { terms, balanced = false, ...settings }: Omit<TextClassifierSettings, 'strength'>,
): Generator<TextClassifier, void> {
  const counts = countsOf(targets, classes);
  const met = counts.filter((count) => count > 0).length;
  const bag = fitBag(texts, terms);
  const matrix = bag.matrix(texts);
  const weights =
    balanced && Float64Array.from(targets, (target) => targets.length / (met * (counts[target] ?? 1)));
  let start: Float64Array | undefined;
  for (const strength of strengths) {
    const model = fitLogistic(matrix, targets, {
      ...settings,
      classes,
      strength,
      ...(weights && { weights }),
      ...(start && { start }),
    });
    start = model.parameters;
    yield { strength, logprobs: (some) => model.logprobs(bag.matrix(some)) };
  }
}
