import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intervalCoverage } from 'small-claims/metrics/coverage';
import { accuracy } from 'small-claims/metrics/scores';
import { randomStream } from 'small-claims/project/random';
import type { Label } from 'small-claims/tasks/example';

const random = randomStream('test: coverage', 1);

/** The coverage of accuracy with `count` clusters of five rows that are right or wrong together. */
function coverage(count: number): number {
  const hits = Array.from({ length: count }, () => random.next() < 0.6);
  const gold = Array.from({ length: 5 * count }, (): Label => 'NEI');
  const predicted = gold.map((label, row): Label => (hits[Math.floor(row / 5)] ? label : 'SUPPORT'));
  const keys = gold.map((_label, row) => String(Math.floor(row / 5)));
  return intervalCoverage(gold, predicted, accuracy, { clusters: { name: 'parts', keys } });
}

test('with many independent clusters an interval holds the truth about as often as it says', () => {
  const share = coverage(100);
  assert.ok(share > 0.91 && share < 0.98, `${share}`);
});

test('with a handful of clusters it holds the truth less often', () => {
  const share = coverage(6);
  assert.ok(share < 0.91, `${share}`);
});
