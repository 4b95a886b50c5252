import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answersTo, logOdds, mostProbable } from 'small-claims/metrics/answers';
import { LABELS } from './labels.js';
import { near } from './near.js';

describe('the most probable label', () => {
  test('is the answer', () => {
    assert.equal(mostProbable([-2, -0.5, -1], LABELS), 'CONTRADICT');
    const never = Number.NEGATIVE_INFINITY;
    assert.equal(mostProbable([never, never, 0], LABELS), 'NEI');
  });
  test('is the first of equals, in the order of the labels', () => {
    assert.equal(mostProbable([-1, -1, -1], LABELS), 'SUPPORT');
    assert.equal(mostProbable([-1, -1, -1], LABELS.toReversed()), 'NEI');
    assert.equal(mostProbable([-2, -1, -1], LABELS), 'CONTRADICT');
  });
  test('is none of numbers that are not probabilities of these labels', () => {
    assert.throws(
      () => mostProbable([-1, Number.NaN, -1], LABELS),
      /log-probability of CONTRADICT is not a n/,
    );
    assert.throws(() => mostProbable([-1, -1], LABELS), /2 log-probabilities of 3 labels/);
  });
});

describe('answers to rows', () => {
  const task = { shape: 'one-of', labels: LABELS } as const;
  const rows = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
  const recorded = [
    { id: 'd', answer: null },
    { id: 'c', logprobs: [-1.1, -1.1, -1.1], bounded: LABELS },
    { id: 'b', logprobs: [-2, -0.2, -4], bounded: ['NEI'] },
    { id: 'a', answer: 'NEI' },
  ];
  test('are found by their ids; of log-probabilities the most probable label, and none where no label is told', () => {
    assert.deepEqual(answersTo(task, rows, recorded), ['NEI', 'CONTRADICT', null, null]);
  });
  test('of another shape are what was recorded', () => {
    const spans = [{ type: 'Gene', start: 0, end: 3 }];
    const answers = [
      { id: 'b', answer: spans },
      { id: 'a', answer: null },
    ];
    assert.deepEqual(answersTo({ shape: 'spans', types: ['Gene'] }, rows.slice(0, 2), answers), [
      null,
      spans,
    ]);
  });
  test('are refused where they are those of other rows', () => {
    assert.throws(() => answersTo(task, rows, recorded.slice(1)), /4 rows but answers to 3/);
    assert.throws(() => answersTo(task, [...rows.slice(1), { id: 'e' }], recorded), /no answer to row e/);
  });
});

test('log-odds are of a label against the others that are asked about, in nats', () => {
  const logprobs = [0.2, 0.3, 0.5].map(Math.log);
  near(
    [logOdds(logprobs, LABELS, 'NEI'), logOdds(logprobs, LABELS, 'CONTRADICT', ['SUPPORT'])],
    [0, Math.log(3 / 2)],
  );
});
