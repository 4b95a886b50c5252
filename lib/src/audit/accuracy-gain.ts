import type { Estimate } from '../metrics/estimates.js';
import { type BootstrapOptions, intervals } from '../metrics/resampling/bootstrap.js';
import { vectorsOf } from '../metrics/resampling/vectors.js';

/** Accuracy of one less that of another on the same rows, targets and predictions as indices of labels. */
export function accuracyGain(
  gold: Int32Array,
  ours: Int32Array,
  theirs: Int32Array,
  options: BootstrapOptions,
): Estimate {
  const right = (predicted: Int32Array, row: number) => Number(predicted[row] === gold[row]);
  const vectors = vectorsOf(gold.length, 2, (row, add) => {
    add(0);
    add(1, right(ours, row) - right(theirs, row));
  });
  const [interval] = intervals({ vectors, of: ([rows = 0, gain = 0]) => [gain / rows] }, options);
  if (!interval) throw new Error('a difference has no interval');
  return { number: accuracy(gold, ours) - accuracy(gold, theirs), interval };
}

/** Share of rows whose prediction is the target. */
export function accuracy(gold: ArrayLike<number>, predicted: ArrayLike<number>): number {
  let right = 0;
  for (let row = 0; row < gold.length; row++) if (gold[row] === predicted[row]) right += 1;
  return gold.length === 0 ? 0 : right / gold.length;
}
