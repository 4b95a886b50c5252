import { type BootstrapOptions, bootstrapCounts } from '../metrics/bootstrap.js';
import type { Estimate } from './pair-scores.js';

/** Accuracy of one less that of another on the same rows, targets and predictions as indices of labels. */
export function accuracyGain(
  gold: Int32Array,
  ours: Int32Array,
  theirs: Int32Array,
  options: BootstrapOptions,
): Estimate {
  // 0: both right or both wrong; 1: ours alone right; 2: theirs alone.
  const outcomes = Uint8Array.from(gold, (target, row) => {
    const [right, other] = [ours[row] === target, theirs[row] === target];
    if (right === other) return 0;
    return right ? 1 : 2;
  });
  const [interval] = bootstrapCounts(
    outcomes,
    3,
    ([same = 0, won = 0, lost = 0]) => [(won - lost) / (same + won + lost)],
    options,
  );
  if (!interval) throw new Error('a difference has no interval');
  return { number: accuracy(gold, ours) - accuracy(gold, theirs), interval };
}

/** Share of rows whose prediction is the target. */
export function accuracy(gold: ArrayLike<number>, predicted: ArrayLike<number>): number {
  let right = 0;
  for (let row = 0; row < gold.length; row++) if (gold[row] === predicted[row]) right += 1;
  return gold.length === 0 ? 0 : right / gold.length;
}
