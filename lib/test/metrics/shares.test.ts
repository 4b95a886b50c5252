import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commonestLabel, itemsAt, median, shareOf } from 'small-claims/metrics/shares';

test('the share of a label counts those without an answer', () => {
  assert.equal(shareOf(['yes', null, 'no', 'yes'], 'yes'), 0.5);
  assert.equal(shareOf(['yes'], 'no'), 0);
  assert.ok(Number.isNaN(shareOf([], 'no')));
});

test('of equally common labels the first in the order of the task is the commonest', () => {
  assert.equal(commonestLabel(['b', 'c', 'b'], ['a', 'b', 'c']), 'b');
  assert.equal(commonestLabel(['c', 'b'], ['a', 'b', 'c']), 'b');
  assert.throws(() => commonestLabel(['a'], []), /no label/);
});

test('the median is the middle number, or the mean of the middle two', () => {
  assert.equal(median([10, 9, 2]), 9);
  assert.equal(median([10, 1, 4, 2]), 3);
  assert.ok(Number.isNaN(median([])));
});

test('a part of the rows keeps the order it is asked in, and must lie within them', () => {
  assert.deepEqual(itemsAt(['a', undefined, 'c'], [2, 1, 2]), ['c', undefined, 'c']);
  assert.throws(() => itemsAt(['a'], [1]), /no item 1 in a list of 1/);
});
