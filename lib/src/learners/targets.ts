import { UserError } from '../project/error.js';

/**
 * Labels as their indices in `labels`.
 *
 * @throws UserError for one that is none of them.
 *
 * @example
 * targetsOf(['no', 'yes', 'no'], ['yes', 'no']); // -> [1, 0, 1]
 */
export function targetsOf(given: readonly string[], labels: readonly string[]): Int32Array {
  const index = new Map(labels.map((label, at) => [label, at]));
  return Int32Array.from(given, (label) => {
    const at = index.get(label);
    if (at === undefined)
      throw new UserError(`the label ${JSON.stringify(label)} is none of ${labels.join(', ')}`);
    return at;
  });
}

/** How often each of 0..classes-1 occurs. */
export function countsOf(targets: ArrayLike<number>, classes: number): Int32Array {
  const counts = new Int32Array(classes);
  for (let row = 0; row < targets.length; row++) {
    const target = targets[row] ?? 0;
    counts[target] = (counts[target] ?? 0) + 1;
  }
  return counts;
}

/** The most probable class of each row, of equals the first. @param logprobs rows * classes, those of row 0 first. */
export function mostProbableClasses(logprobs: ArrayLike<number>, classes: number): Int32Array {
  return Int32Array.from({ length: logprobs.length / classes }, (_, row) => {
    let best = 0;
    for (let label = 1; label < classes; label++) {
      if ((logprobs[row * classes + label] ?? 0) > (logprobs[row * classes + best] ?? 0)) best = label;
    }
    return best;
  });
}
