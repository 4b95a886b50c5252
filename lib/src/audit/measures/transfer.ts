import { drawInProportion } from '../../datasets/stratified.js';
import { mostProbableClasses } from '../../learners/targets.js';
import { scores } from '../../metrics/measure.js';
import { UserError } from '../../project/error.js';
import { randomStream } from '../../project/random.js';
import { type AuditData, goldOf, type Input, readBy, textsOf } from '../data.js';
import { fitAuditClassifier } from './partial-inputs.js';
import { accuracyAndMacroF1, named } from './scores.js';

/** What is learnt from one dataset, at a size, is worth on another: for each drawn set of training rows. */
export interface Transfer {
  readonly macroF1: number;
  readonly accuracy: number;
}

/**
 * Fits the audit's classifier on `size` rows of train, drawn with its labels in proportion, and tries it on the rows of
 * another dataset, for each of `draws` drawn sets. Datasets of different size then differ in what they teach and not in
 * how much of it there is.
 *
 * @throws UserError where train has fewer than `size` rows.
 */
export function matchedTransfer(
  input: Input,
  { fields, labels, train, test }: AuditData,
  { size, draws = 5, seed = 0 }: { readonly size: number; readonly draws?: number; readonly seed?: number },
): readonly Transfer[] {
  if (size > train.length) throw new UserError(`${train.length} rows to learn from, fewer than ${size}`);
  const [learnt, gold] = [goldOf(train, labels), goldOf(test, labels)];
  const texts = textsOf(test, readBy(input, fields));
  return Array.from({ length: draws }, (_, draw) => {
    const drawn = drawInProportion(learnt, labels.length, size, randomStream('matched size', seed + draw));
    const some = drawn.flatMap((row) => train[row] ?? []);
    const { logprobs } = fitAuditClassifier(input, { fields, labels, train: some });
    const predicted = mostProbableClasses(logprobs(texts), labels.length);
    const [accuracy = 0, macroF1 = 0] = scores(
      accuracyAndMacroF1(labels.length),
      named(gold),
      named(predicted),
    );
    return { macroF1, accuracy };
  });
}
