import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { auc, aucDifference } from 'small-claims/metrics/auc';
import { studentP, studentTail } from 'small-claims/metrics/distributions';
import { levelLeft } from 'small-claims/metrics/multiplicity';
import { leastDifference } from 'small-claims/metrics/power';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { near } from './near.js';

const numbers = z.array(z.number());
const reference = expected(
  'levels',
  z.object({
    p: numbers,
    holm: numbers,
    'benjamini-hochberg': numbers,
    least: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
    tails: z.array(z.tuple([z.number(), z.number(), z.number()])),
    area: z.object({ groups: numbers, interval: numbers }),
  }),
);
const { pair } = expected(
  'auc',
  z.object({ pair: z.object({ ours: z.array(numbers), positive: z.array(z.boolean()) }) }),
);

describe('the level that a correction leaves a test is the highest p that statsmodels still rejects', () => {
  for (const correction of ['holm', 'benjamini-hochberg'] as const) {
    test(correction, () => {
      const found = reference.p.map((_, index) => levelLeft(reference.p, index, correction));
      near(found, reference[correction], 1e-9);
      assert.ok(new Set(found).size > 1, 'others found make room');
    });
  }
  test('of more tests than are at hand, those are taken for the least clear', () => {
    near([levelLeft([0.5], 0, 'holm', { family: 8 }), levelLeft([0.5], 0, 'none')], [0.05 / 8, 0.05], 1e-12);
  });
});

test('least differences found at a level are those of scipy', () => {
  for (const [error, freedom, alpha, least] of reference.least)
    near([leastDifference(error, freedom, alpha)], [least], 1e-9);
  // The normal quantiles of 0.9975 and 0.8.
  near([leastDifference(1, Number.POSITIVE_INFINITY, 0.005)], [2.807033768 + 0.841621234], 1e-8);
});

test("small tails of Student's t are scipy's, and none is 0", () => {
  for (const [t, freedom, p] of reference.tails) {
    near(
      [studentP(t, freedom) / p, studentP(-t, freedom) / p, (2 * studentTail(t, freedom)) / p],
      [1, 1, 1],
      1e-9,
    );
  }
  assert.ok(studentP(1000, 5000) > 0);
});

describe('of an area under the curve, where groups are few', () => {
  const clusters = { name: 'groups', keys: reference.area.groups.map(String) };
  const [ours = []] = pair.ours;
  test("the interval is Student's t on the logit scale, as by scipy and scikit-learn", () => {
    const { interval } = auc([ours], pair.positive, { clusters, replicates: 100 });
    near([interval?.low, interval?.high], reference.area.interval, 1e-9);
  });
  test('one that every draw would give has no interval', () => {
    const apart = pair.positive.map(Number);
    const found = auc([apart], pair.positive, { clusters, replicates: 100 });
    assert.deepEqual([found.number, found.interval], [1, undefined]);
    assert.equal(
      aucDifference([ours], [ours], pair.positive, { clusters, replicates: 100 }).interval,
      undefined,
    );
  });
});
