import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LABELS } from 'small-claims/datasets/example';
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
const claims = reference.claims.map(String);
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
    close(interval(gold, predicted, accuracy, { replicates, claims }), reference.accuracyByClaims);
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

test('a claim of its own for every row changes nothing but the name of the method', () => {
  const own = gold.map((_label, row) => `claim ${row}`);
  const { method, ...byClaims } = interval(gold, predicted, macroF1, { claims: own });
  const { method: _, ...byRows } = interval(gold, predicted, macroF1);
  assert.equal(method, 'percentile bootstrap over claims');
  assert.deepEqual(byClaims, byRows);
});

test('drawing whole claims widens the interval where the rows of a claim are right or wrong together', () => {
  const random = randomStream('test: correlated rows', 1);
  const right = Array.from({ length: 60 }, () => random.next() < 0.6);
  const fiveEach = right.flatMap((isRight) => Array<boolean>(5).fill(isRight));
  const claimOf = fiveEach.map((_isRight, row) => String(Math.floor(row / 5)));
  const share = (rows: Int32Array) => rows.reduce((sum, row) => sum + Number(fiveEach[row]), 0) / rows.length;
  const width = ({ low, high }: Interval) => high - low;
  const ratio = width(bootstrap(300, share, { claims: claimOf })) / width(bootstrap(300, share));
  // Perfect correlation within groups of five: the standard error grows by the root of five.
  assert.ok(Math.abs(ratio - Math.sqrt(5)) < 0.3, `${ratio}`);
});

test('a system does not differ from itself', () => {
  const { low, high } = differenceInterval(gold, predicted, predicted, macroF1);
  assert.deepEqual([low, high], [0, 0]);
});

test('2,000 replicates of macro-F1 on the 1,823 rows of HealthVer test take well under a second', () => {
  const random = randomStream('test: speed', 1);
  const draw = () => Array.from({ length: 1823 }, () => LABELS[random.below(3)] ?? 'NEI');
  const [truth, guess] = [draw(), draw()];
  const start = performance.now();
  interval(truth, guess, macroF1);
  assert.ok(performance.now() - start < 1000);
});

describe('what cannot be resampled is refused', () => {
  test('no rows', () => {
    assert.throws(() => bootstrap(0, () => 0), /no rows/);
  });
  test('claims of another set', () => {
    assert.throws(() => interval(gold, predicted, accuracy, { claims: ['1'] }), /300 rows but 1 claims/);
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
