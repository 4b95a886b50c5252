import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { CONDITIONS, draw, simulate } from '../reference/simulation.js';

const { draws, results } = expected(
  'simulation',
  z.object({
    draws: z.number(),
    results: z.record(
      z.string(),
      z.array(
        z.object({
          what: z.enum(['coverage', 'size']),
          method: z.string(),
          score: z.string(),
          share: z.number(),
        }),
      ),
    ),
  }),
);
const of = (condition: string) => results[condition] ?? assert.fail(condition);
/** Three standard errors of a share. */
const error = (share: number) => 3 * Math.sqrt((share * (1 - share)) / draws);

describe('in 2,000 simulated draws', () => {
  test('of single rows, intervals cover and tests reject as often as they say', () => {
    for (const { what, method, score, share } of of('450 single rows')) {
      const nominal = what === 'coverage' ? 0.95 : 0.05;
      assert.ok(Math.abs(share - nominal) < error(nominal), `${method}, ${score}: ${share}`);
    }
  });
  test('of clusters, methods that take rows as independent reject too often and cover too seldom', () => {
    const found = of('50 clusters of 9').filter(({ method }) => / rows$/.test(method));
    assert.deepEqual([...new Set(found.map(({ what }) => what))].sort(), ['coverage', 'size']);
    for (const { what, method, share } of found) {
      if (what === 'coverage') assert.ok(share < 0.95 - error(0.95), `${method}: ${share}`);
      else assert.ok(share > 0.05 + error(0.05), `${method}: ${share}`);
    }
  });
  test('of fewer clusters, intervals that draw them cover less', () => {
    const least = (condition: string) =>
      Math.min(
        ...of(condition)
          .filter(({ what, method }) => what === 'coverage' && /clusters$/.test(method))
          .map(({ share }) => share),
      );
    assert.ok(least('8 clusters of 56') < least('50 clusters of 9'));
  });
  test('randomisation by clusters keeps its size however few they are', () => {
    for (const findings of Object.values(results)) {
      for (const { method, share } of findings.filter(({ method }) => method.startsWith('approximate')))
        if (/clusters$/.test(method)) assert.ok(share < 0.05 + error(0.05), `${method}: ${share}`);
    }
  });
});

test('the committed figure is drawn from the committed shares', async () => {
  const figure = new URL('../../../lib/test/reference/simulation.svg', import.meta.url);
  assert.equal(readFileSync(figure, 'utf8'), await draw(results, draws));
});

test('a simulation depends on its condition alone', () => {
  const last = CONDITIONS[3];
  assert.deepEqual(simulate(last, 3), simulate(last, 3));
});
