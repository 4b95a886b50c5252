import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { auc, aucInterval } from 'small-claims/metrics/auc';
import { z } from 'zod';
import { expected } from '../reference/expected.js';

const { areas } = expected(
  'auc',
  z.object({
    areas: z.array(
      z.object({
        name: z.string(),
        numbers: z.array(z.number()),
        positive: z.array(z.boolean()),
        auc: z.number(),
        byClusters: z.tuple([z.number(), z.number()]).optional(),
        clusters: z.array(z.number()).optional(),
      }),
    ),
  }),
);

describe('the area under the curve equals roc_auc_score', () => {
  for (const { name, numbers, positive, auc: wanted } of areas) {
    test(name, () => {
      const actual = auc(numbers, positive);
      assert.ok(Math.abs(actual - wanted) < 1e-12, `${actual}, scikit-learn has ${wanted}`);
    });
  }
});

describe('its interval equals that of scipy within Monte Carlo error', () => {
  for (const { name, numbers, positive, clusters, byClusters } of areas) {
    if (!clusters || !byClusters) continue;
    test(`${name}, drawing clusters`, () => {
      const { low, high } = aucInterval(numbers, positive, {
        replicates: 20_000,
        clusters: { name: 'claims', keys: clusters.map(String) },
      });
      assert.ok(
        Math.abs(low - byClusters[0]) < 0.005 && Math.abs(high - byClusters[1]) < 0.005,
        `${low}..${high}`,
      );
    });
  }
});

test('numbers that are all equal tell nothing', () => {
  assert.equal(auc([3, 3, 3, 3], [true, false, false, true]), 0.5);
});

test('empty evidence is always shorter than any other: an area of nought', () => {
  assert.equal(auc([0, 0, 12, 30], [true, true, false, false]), 0);
});

test('what cannot be compared is refused', () => {
  assert.throws(() => auc([1, 2], [true, true]), /all positive, or none/);
  assert.throws(() => auc([1, 2], [true]), /2 numbers but 1 rows/);
  assert.throws(() => auc([1, Number.NaN], [true, false]), /NaN cannot be compared/);
});
