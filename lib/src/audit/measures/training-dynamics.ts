import { UserError } from '../../project/error.js';

/** How a row fared while a model was trained. */
export interface RowDynamics {
  readonly id: string;
  /** Mean probability of the row's label over the epochs. */
  readonly confidence: number;
  /** Standard deviation of that probability over the epochs, of the epochs themselves (divided by their number). */
  readonly variability: number;
  /** Share of epochs in which the row's label was the most probable, of equals the first. */
  readonly correctness: number;
}

/** Where a row lies on the map. A row may be of no region. */
export type Region = 'easy' | 'ambiguous' | 'hard';

/**
 * Training dynamics (Swayamdipta et al. 2020, "Dataset Cartography", section 2): confidence, variability and
 * correctness of training rows from the probabilities of their labels after each epoch.
 *
 * @param epochs for each epoch the probabilities of all labels in each row: rows * classes, those of row 0 first.
 * @throws UserError where there is no epoch, an epoch has another number of probabilities, or one is not in 0..1.
 *
 * @example
 * const epochs = [[0.9, 0.1, 0.2, 0.8], [0.7, 0.3, 0.4, 0.6]];
 * const [first] = trainingDynamics(['a', 'b'], [0, 0], 2, epochs);
 * first; // -> { id: 'a', confidence: 0.8, variability: 0.1, correctness: 1 }
 */
export function trainingDynamics(
  ids: readonly string[],
  targets: ArrayLike<number>,
  classes: number,
  epochs: readonly ArrayLike<number>[],
): readonly RowDynamics[] {
  if (epochs.length === 0)
    throw new UserError('training dynamics need the probabilities of at least one epoch');
  for (const [index, { length }] of epochs.entries()) {
    if (length !== ids.length * classes) {
      throw new UserError(
        `epoch ${index + 1} has ${length} probabilities, not ${classes} for each of ${ids.length} rows`,
      );
    }
  }
  return ids.map((id, row) => {
    const target = targets[row] ?? 0;
    let right = 0;
    const golds = epochs.map((probabilities, index) => {
      const gold = probabilities[row * classes + target] ?? Number.NaN;
      if (!(gold >= 0 && gold <= 1))
        throw new UserError(`row ${id} has the probability ${gold} in epoch ${index + 1}`);
      let best = 0;
      for (let label = 1; label < classes; label++) {
        if ((probabilities[row * classes + label] ?? 0) > (probabilities[row * classes + best] ?? 0))
          best = label;
      }
      if (best === target) right += 1;
      return gold;
    });
    const confidence = golds.reduce((sum, gold) => sum + gold, 0) / golds.length;
    const variance = golds.reduce((sum, gold) => sum + (gold - confidence) ** 2, 0) / golds.length;
    return { id, confidence, variability: Math.sqrt(variance), correctness: right / golds.length };
  });
}

/**
 * The `share` (default a third, as in the paper, section 3) of rows with the highest confidence (easy), the lowest
 * (hard), or the highest variability (ambiguous); of equals the first.
 *
 * @example
 * const [calm, torn] = trainingDynamics(['a', 'b'], [0, 0], 2, [[0.9, 0.1, 0.9, 0.1], [0.9, 0.1, 0.1, 0.9]]);
 * region([calm, torn], 'ambiguous', 0.5); // -> ['b']
 */
export function region(rows: readonly RowDynamics[], of: Region, share = 1 / 3): readonly string[] {
  const key = (row: RowDynamics) => {
    if (of === 'ambiguous') return -row.variability;
    return of === 'easy' ? -row.confidence : row.confidence;
  };
  return rows
    .toSorted((a, b) => key(a) - key(b))
    .slice(0, Math.round(share * rows.length))
    .map(({ id }) => id);
}
