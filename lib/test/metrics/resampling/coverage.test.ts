import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summed } from 'small-claims/metrics/measure';
import { intervalCoverage } from 'small-claims/metrics/resampling/coverage';
import { randomStream } from 'small-claims/project/random';
import { accuracy, type Label } from '../labels.js';

const random = randomStream('test: coverage', 1);

/** The coverage of accuracy with `count` clusters of five rows that are right or wrong together. */
function coverage(count: number): number | undefined {
  const hits = Array.from({ length: count }, () => random.next() < 0.6);
  const gold = Array.from({ length: 5 * count }, (): Label => 'NEI');
  const predicted = gold.map((label, row): Label => (hits[Math.floor(row / 5)] ? label : 'SUPPORT'));
  const keys = gold.map((_label, row) => String(Math.floor(row / 5)));
  const sums = summed([accuracy], gold, predicted);
  return intervalCoverage(sums, { clusters: { name: 'parts', keys } })[0];
}

test('with many independent clusters an interval holds the truth about as often as it says', () => {
  const share = coverage(100) ?? Number.NaN;
  assert.ok(share > 0.91 && share < 0.98, `${share}`);
});

test('with a handful of clusters it holds the truth less often', () => {
  const share = coverage(6) ?? Number.NaN;
  assert.ok(share < 0.91, `${share}`);
});
