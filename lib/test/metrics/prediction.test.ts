import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prediction, predictions } from 'small-claims/metrics/prediction';

test('the most probable label is predicted', () => {
  assert.equal(prediction([-2, -0.5, -1]), 'CONTRADICT');
  assert.equal(prediction([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]), 'NEI');
});

test('of equally probable labels the first is predicted, in the order SUPPORT, CONTRADICT, NEI', () => {
  assert.equal(prediction([-1, -1, -1]), 'SUPPORT');
  assert.equal(prediction([-2, -1, -1]), 'CONTRADICT');
});

test('a log-probability that is not a number is refused', () => {
  assert.throws(() => prediction([-1, Number.NaN, -1]), /log-probability of CONTRADICT is not a number/);
});

test('scores find their rows by id, whatever their order', () => {
  const scored = [
    { id: 'b', logprobs: [-3, -2, -1] },
    { id: 'a', logprobs: [-1, -2, -3] },
  ] as const;
  assert.deepEqual(predictions([{ id: 'a' }, { id: 'b' }], scored), ['SUPPORT', 'NEI']);
});

test('scores that do not cover the rows are refused', () => {
  const scored = [{ id: 'a', logprobs: [-1, -2, -3] }] as const;
  assert.throws(() => predictions([{ id: 'a' }, { id: 'b' }], scored), /2 rows but scores of 1/);
  assert.throws(() => predictions([{ id: 'b' }], scored), /no scores of row b/);
});
