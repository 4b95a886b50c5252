import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { auc, aucDifference } from 'small-claims/metrics/auc';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { intervalOf } from './near.js';

const { areas, pair } = expected(
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
    pair: z.object({
      ours: z.array(z.array(z.number())),
      theirs: z.array(z.array(z.number())),
      positive: z.array(z.boolean()),
      clusters: z.array(z.number()),
      difference: z.number(),
      byClusters: z.tuple([z.number(), z.number()]),
    }),
  }),
);

describe('the area under the curve equals roc_auc_score', () => {
  for (const { name, numbers, positive, auc: wanted } of areas) {
    test(name, () => {
      const actual = auc([numbers], positive, { replicates: 1 }).number;
      assert.ok(Math.abs(actual - wanted) < 1e-12, `${actual}, scikit-learn has ${wanted}`);
    });
  }
});

describe('its interval equals that of scipy within Monte Carlo error', () => {
  for (const { name, numbers, positive, clusters, byClusters } of areas) {
    if (!clusters || !byClusters) continue;
    test(`${name}, drawing clusters`, () => {
      const { low, high } = intervalOf(
        auc([numbers], positive, {
          replicates: 20_000,
          clusters: { name: 'claims', keys: clusters.map(String) },
        }),
      );
      assert.ok(
        Math.abs(low - byClusters[0]) < 0.005 && Math.abs(high - byClusters[1]) < 0.005,
        `${low}..${high}`,
      );
    });
  }
});

describe('mean areas over trainings', () => {
  const clusters = { name: 'claims', keys: pair.clusters.map(String) };

  test('their difference and its interval equal those of scikit-learn and scipy within Monte Carlo error', () => {
    const options = { replicates: 20_000, clusters };
    const { number, ...bounded } = aucDifference(pair.ours, pair.theirs, pair.positive, options);
    const interval = intervalOf(bounded);
    assert.ok(Math.abs(number - pair.difference) < 1e-12, `${number}, scikit-learn has ${pair.difference}`);
    assert.ok(
      Math.abs(interval.low - pair.byClusters[0]) < 0.005 &&
        Math.abs(interval.high - pair.byClusters[1]) < 0.005,
      `${interval.low}..${interval.high}`,
    );
  });

  test('several trainings have the mean of their areas', () => {
    const [first = [], second = []] = pair.ours;
    const area = (...bySeed: number[][]) => auc(bySeed, pair.positive, { clusters }).number;
    assert.equal(area(first, second), (area(first) + area(second)) / 2);
    assert.throws(() => area(), /no training/);
    assert.throws(() => area(first, second.slice(1)), /299 numbers but 300 rows/);
  });
});

const area = (numbers: readonly number[], positive: readonly boolean[]) =>
  auc([numbers], positive, { clusters: { name: 'sets', keys: numbers.map(() => 'one') } }).number;

test('numbers that are all equal tell nothing', () => {
  assert.equal(area([3, 3, 3, 3], [true, false, false, true]), 0.5);
});

test('empty evidence is always shorter than any other: an area of nought', () => {
  assert.equal(area([0, 0, 12, 30], [true, true, false, false]), 0);
});

test('what cannot be compared is refused', () => {
  assert.throws(() => area([1, 2], [true, true]), /all positive, or none/);
  assert.throws(() => area([1, 2], [true]), /2 numbers but 1 rows/);
  assert.throws(() => area([1, Number.NaN], [true, false]), /NaN cannot be compared/);
});
