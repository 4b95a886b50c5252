import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitOf, fitText } from 'small-claims/finetuning/fit';
import { findTask } from 'small-claims/tasks/task';

const claims = findTask('claim-verification');
const golds = ['SUPPORT', 'SUPPORT', 'NEI', 'CONTRADICT'];
const rows = golds.map((gold, index) => ({ id: `${index}`, gold }));
const word = (id: string) => golds[Number(id)] ?? '';
const told = (labels: readonly number[], loss: number | null = 0.5) =>
  labels.map((label, index) => ({ id: `${index}`, loss, right: true, label }));

test('a training fits its rows by the macro-F1 of its labels there', () => {
  const all = fitOf(told([0, 0, 2, 1]), rows, word, claims);
  assert.deepEqual(all, {
    ...{ rows: 4, measure: 'macro-f1', score: 1, fits: true },
    // Half, a quarter, a quarter: 1.5 bits.
    ...{ loss: 0.5, prior: 1.0397, learns: true },
  });
  assert.equal(all.prior, Math.round(1.5 * Math.LN2 * 1e4) / 1e4);
  // Each class answered as SUPPORT: F1 of 2/3, 0 and 0.
  const none = fitOf(told([0, 0, 0, 0], 1.0398), rows, word, claims);
  assert.deepEqual([none.score, none.fits, none.learns], [0.2222, false, false]);
  assert.match(
    fitText(none),
    /does not fit its 4 training rows .*22\.2 there.*does not learn more than the prior/,
  );
});

test('a training that diverged has no loss, and has learnt nothing', () => {
  const { loss, learns } = fitOf(
    [...told([0, 0, 2]), { id: '3', loss: null, right: false, label: 0 }],
    rows,
    word,
    claims,
  );
  assert.deepEqual([loss, learns], [null, false]);
});

test('other answers than labels fit where they would be written just so', () => {
  const numbers = ['1.0', '2.0', '3.0', '4.0'];
  const right = numbers.map((_, index) => ({ id: `${index}`, loss: 1, right: index > 0, label: null }));
  const similar = numbers.map((gold, index) => ({ id: `${index}`, gold: Number(gold) }));
  const fit = fitOf(right, similar, (id) => numbers[Number(id)] ?? '', findTask('sentence-similarity'));
  assert.deepEqual([fit.measure, fit.score, fit.fits], ['exact', 0.75, false]);
  assert.equal(fit.prior, Math.round(Math.log(4) * 1e4) / 1e4);
});

test('a training that tells nothing of a row is no training of these rows', () => {
  assert.throws(() => fitOf(told([0]), rows, word, claims), /tells nothing of 1/);
});
