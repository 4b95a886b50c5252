import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bootstrap, type Interval } from 'small-claims/metrics/bootstrap';
import { differenceInterval, interval } from 'small-claims/metrics/interval';
import { accuracy, macroF1 } from 'small-claims/metrics/scores';
import { randomStream } from 'small-claims/project/random';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { labels } from './labels.js';

const bounds = z.tuple([z.number(), z.number()]);
const { intervals: reference } = expected(
  'scores',
  z.object({
    intervals: z.object({
      gold: z.string(),
      predicted: z.string(),
      rival: z.string(),
      claims: z.array(z.number()),
      macroF1ByRows: bounds,
      accuracyDifferenceByRows: bounds,
      accuracyByClaims: bounds,
    }),
  }),
);
const gold = labels(reference.gold);
const predicted = labels(reference.predicted);
const clusters = { name: 'claims', keys: reference.claims.map(String) };
const replicates = 20_000;

// With 20,000 replicates each, two bounds of a statistic with standard error s differ by about 0.03 s
// (a standard deviation); the standard errors here are below 0.04.
function close(actual: Interval, [low, high]: readonly [number, number]) {
  assert.ok(
    Math.abs(actual.low - low) < 0.005 && Math.abs(actual.high - high) < 0.005,
    `${actual.low}..${actual.high}, scipy has ${low}..${high}`,
  );
}

describe('bootstrap intervals equal those of scipy within Monte Carlo error', () => {
  test('macro-F1, drawing rows', () => {
    close(interval(gold, predicted, macroF1, { replicates }), reference.macroF1ByRows);
  });
  test('accuracy, drawing claims', () => {
    close(interval(gold, predicted, accuracy, { replicates, clusters }), reference.accuracyByClaims);
  });
  test('difference of two accuracies on the same rows', () => {
    close(
      differenceInterval(gold, predicted, labels(reference.rival), accuracy, { replicates }),
      reference.accuracyDifferenceByRows,
    );
  });
});

test('an interval depends on its seed alone', () => {
  const of = (seed: number) => interval(gold, predicted, macroF1, { seed });
  assert.deepEqual(of(1), of(1));
  assert.notDeepEqual(of(1), of(2));
});

test('a cluster of its own for every row changes nothing but the name of the method', () => {
  const keys = gold.map((_label, row) => `claim ${row}`);
  const { method, ...byClaims } = interval(gold, predicted, macroF1, { clusters: { name: 'claims', keys } });
  const { method: methodOfRows, ...byRows } = interval(gold, predicted, macroF1);
  assert.equal(method, 'percentile bootstrap over 300 claims');
  assert.equal(methodOfRows, 'percentile bootstrap over 300 rows');
  assert.deepEqual(byClaims, byRows);
});

test('drawing whole clusters widens the interval where the rows of a cluster are right or wrong together', () => {
  const random = randomStream('test: correlated rows', 1);
  const right = Array.from({ length: 60 }, () => random.next() < 0.6);
  const fiveEach = right.flatMap((isRight) => Array<boolean>(5).fill(isRight));
  const keys = fiveEach.map((_isRight, row) => String(Math.floor(row / 5)));
  const share = (rows: Int32Array) => rows.reduce((sum, row) => sum + Number(fiveEach[row]), 0) / rows.length;
  const width = ({ low, high }: Interval) => high - low;
  const ratio =
    width(bootstrap(300, share, { clusters: { name: 'fives', keys } })) / width(bootstrap(300, share));
  // Perfect correlation within groups of five: the standard error grows by the root of five.
  assert.ok(Math.abs(ratio - Math.sqrt(5)) < 0.3, `${ratio}`);
});

test('a system does not differ from itself', () => {
  const { low, high } = differenceInterval(gold, predicted, predicted, macroF1);
  assert.deepEqual([low, high], [0, 0]);
});

test('a replicate is one call of the statistic, and needs no memory of its own', () => {
  const buffers = new Set<ArrayBufferLike>();
  let calls = 0;
  bootstrap(1823, (rows) => {
    calls += 1;
    buffers.add(rows.buffer);
    return 0;
  });
  assert.deepEqual([calls, buffers.size], [2000, 1]);
});

describe('what cannot be resampled is refused', () => {
  test('no rows', () => {
    assert.throws(() => bootstrap(0, () => 0), /no rows/);
  });
  test('clusters of another set', () => {
    const clusters = { name: 'claims', keys: ['1'] };
    assert.throws(() => interval(gold, predicted, accuracy, { clusters }), /300 rows but cluster keys of 1/);
  });
  test('a level in percent', () => {
    assert.throws(() => interval(gold, predicted, accuracy, { level: 95 }), /level is 95/);
  });
  test('no replicates', () => {
    assert.throws(() => interval(gold, predicted, accuracy, { replicates: 0 }), /replicates is 0/);
  });
  test('a statistic that is not a number', () => {
    assert.throws(() => bootstrap(3, () => Number.NaN), /is NaN/);
  });
});
