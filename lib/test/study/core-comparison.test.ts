import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coreComparison } from 'small-claims/study/core-comparison';
import { findTask } from 'small-claims/tasks/task';
import { labels } from '../metrics/labels.js';
import { claimFacts } from '../tasks/claim-row.js';

const rows = [claimFacts('1', 'SUPPORT', '1')];
const about = { id: 'a-over-b', on: 'SciFact dev', task: findTask('claim-verification'), rows };
const system = (name: string, ...runs: (readonly [seed: number | undefined, answer: string])[]) => ({
  name,
  seeds: runs.map(([seed]) => seed),
  predicted: runs.map(([, answer]) => labels(answer)),
  sources: [{ path: name, sha256: name }],
});

test('trained systems are compared over the seeds that both have, with the sources of both', () => {
  const [found] = coreComparison(about, system('a', [1, 'S'], [2, 'C']), system('b', [2, 'N'], [3, 'S']));
  assert.deepEqual(found, {
    ...about,
    a: { name: 'a', predicted: [labels('C')] },
    b: { name: 'b', predicted: [labels('N')] },
    sources: [
      { path: 'a', sha256: 'a' },
      { path: 'b', sha256: 'b' },
    ],
  });
});

test('a system without a seed stands beside all seeds of the other', () => {
  const [found] = coreComparison(about, system('a', [1, 'S'], [2, 'C']), system('rule', [undefined, 'N']));
  assert.deepEqual([found?.a.predicted.length, found?.b.predicted.length], [2, 1]);
});

test('without a seed in common, or without one of the two, there is nothing to compare', () => {
  assert.deepEqual(coreComparison(about, system('a', [1, 'S']), system('b', [2, 'S'])), []);
  assert.deepEqual(coreComparison(about, system('a', [1, 'S']), undefined), []);
});
