import { commonest } from '../learners/majority.js';
import { UserError } from '../project/error.js';
import { mean } from './resampling/summed.js';

/**
 * The share of some labels or answers that are `wanted`; NaN of none.
 *
 * @example
 * shareOf(['yes', null, 'no', 'yes'], 'yes'); // -> 0.5
 */
export const shareOf = (labels: readonly unknown[], wanted: unknown): number =>
  mean(labels.map((label) => Number(label === wanted)));

/**
 * The label that is commonest among some; of equals the first in the order of `labels`. Throws UserError for no labels.
 *
 * @example
 * commonestLabel(['no', 'maybe', 'no'], ['yes', 'no', 'maybe']); // -> 'no'
 */
export function commonestLabel(given: readonly unknown[], labels: readonly string[]): string {
  const label = labels[commonest(labels.map((each) => given.filter((one) => one === each).length))];
  if (label === undefined) throw new UserError('no label can be the commonest of none');
  return label;
}

/**
 * The middle one of some numbers in their order, of an even count the mean of the middle two; NaN of none.
 *
 * @example
 * median([10, 1, 4, 2]); // -> 3
 */
export function median(numbers: readonly number[]): number {
  const ascending = [...numbers].sort((a, b) => a - b);
  const middle = (ascending.length - 1) / 2;
  return mean([Math.floor(middle), Math.ceil(middle)].map((index) => ascending[index] ?? Number.NaN));
}

/**
 * The items at some places, in the order of the places: a part of the test rows, and the answers to it.
 * Throws UserError for a place that the list does not have.
 *
 * @example
 * itemsAt(['a', 'b', 'c'], [2, 0]); // -> ['c', 'a']
 * itemsAt(['a'], [1]); // throws there is no item 1
 */
export function itemsAt<Item>(items: readonly Item[], places: readonly number[]): readonly Item[] {
  return places.flatMap((place) => {
    if (place in items) return items.slice(place, place + 1);
    throw new UserError(`there is no item ${place} in a list of ${items.length}`);
  });
}
