import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { supports } from 'small-claims/reporting/verdict';
import { bestNote, testedBest } from 'small-claims/study/best';
import type { Judged } from 'small-claims/study/comparison';
import { findTask } from 'small-claims/tasks/task';
import { macroF1 } from '../metrics/labels.js';

const task = findTask('claim-verification');

/** Two systems compared, as far as bold asks. */
function judged(a: string, b: string, difference: number, corrected: number, on = 'the test set'): Judged {
  const equivalence = { margin: 0.03, p: 1 };
  const error = { standardError: 0.01, leastDifference: 0.03 };
  const test = { method: 'a test', reason: 'it fits', alpha: 0.05, p: 0.001, equivalence, ...error };
  const interval = {
    low: difference - 0.02,
    high: difference + 0.02,
    level: 0.95,
    method: '',
    replicates: 1,
  };
  const system = (name: string) => ({ name, predicted: [] });
  const full = { ...test, corrected, correction: 'holm', family: 3 };
  return {
    ...{ id: 'a-b', on, task, measure: macroF1, rows: [], a: system(a), b: system(b), seeds: 1, sources: [] },
    ...{ difference, interval, test, corrected, freedom: 99 },
    supports: (verdict) => supports(verdict, difference, full),
  };
}

const column = [
  { name: 'Middle', score: 0.5 },
  { name: 'Low', score: 0.3 },
  { name: 'High', score: 0.6 },
];
const on = { on: 'the test set', measure: 'macro-f1' };

describe('the best of a column', () => {
  test('is bold if found better than the next best, whichever of them the comparison names first', () => {
    assert.equal(testedBest(column, [judged('High', 'Middle', 0.1, 0.01)], on), 'High');
    assert.equal(testedBest(column, [judged('Middle', 'High', -0.1, 0.01)], on), 'High');
  });

  test('is not if the test fails after correction, however small its p-value was before', () => {
    assert.equal(testedBest(column, [judged('High', 'Middle', 0.1, 0.06)], on), undefined);
  });

  test('is not for being better than another than the next, on other rows, or by another measure', () => {
    assert.equal(testedBest(column, [judged('High', 'Low', 0.3, 0.01)], on), undefined);
    assert.equal(testedBest(column, [judged('High', 'Middle', 0.1, 0.01, 'another set')], on), undefined);
    const compared = [judged('High', 'Middle', 0.1, 0.01)];
    assert.equal(testedBest(column, compared, { ...on, measure: 'accuracy' }), undefined);
  });

  test('is not where two are level, or one stands alone', () => {
    const compared = [judged('High', 'Middle', 0.1, 0.01)];
    const level = column.map(({ name }) => ({ name, score: 0.5 }));
    assert.equal(testedBest(level, compared, on), undefined);
    assert.equal(testedBest(column.slice(2), compared, on), undefined);
  });

  test('and the note says what bold means, or that nothing is', () => {
    assert.match(bestNote([undefined, 'High']), /^Bold: /);
    assert.match(bestNote([undefined]), /^Nothing is in bold: /);
  });
});
