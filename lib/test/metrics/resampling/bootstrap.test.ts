import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { differenceInterval } from 'small-claims/metrics/difference';
import { type Measure, summed } from 'small-claims/metrics/measure';
import { type BootstrapOptions, type Interval, intervals } from 'small-claims/metrics/resampling/bootstrap';
import type { Summed } from 'small-claims/metrics/resampling/summed';
import { vectorsOf } from 'small-claims/metrics/resampling/vectors';
import { randomStream } from 'small-claims/project/random';
import { z } from 'zod';
import { expected } from '../../reference/expected.js';
import { accuracy, labels, macroF1 } from '../labels.js';
import { intervalOf as known } from '../near.js';

const bounds = z.tuple([z.number(), z.number()]);
const reference = expected(
  'bootstrap',
  z.object({
    gold: z.string(),
    predicted: z.string(),
    rival: z.string(),
    claims: z.array(z.number()),
    macroF1ByRows: bounds,
    accuracyDifferenceByRows: bounds,
    accuracyByClaims: bounds,
  }),
);
const gold = labels(reference.gold);
const predicted = labels(reference.predicted);
const clusters = { name: 'claims', keys: reference.claims.map(String) };
const replicates = 20_000;

const intervalOf = (of: Summed, options?: BootstrapOptions): Interval => known(intervals(of, options)[0]);
const interval = (measure: Measure, options?: BootstrapOptions) =>
  intervalOf(summed([measure], gold, predicted), options);
/** The mean of a number over rows. */
const meanOf = (numbers: readonly number[]): Summed => ({
  vectors: vectorsOf(numbers.length, 2, (row, add) => {
    add(0);
    add(1, numbers[row]);
  }),
  of: ([rows = 0, sum = 0]) => [sum / rows],
});

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
    close(interval(macroF1, { replicates }), reference.macroF1ByRows);
  });
  test('accuracy, drawing claims', () => {
    close(interval(accuracy, { replicates, clusters }), reference.accuracyByClaims);
  });
  test('difference of two accuracies on the same rows', () => {
    close(
      known(
        differenceInterval(
          { measure: accuracy, golds: gold, ours: [predicted], theirs: [labels(reference.rival)] },
          { replicates },
        ),
      ),
      reference.accuracyDifferenceByRows,
    );
  });
});

test('an interval depends on its seed alone', () => {
  const of = (seed: number) => interval(macroF1, { seed });
  assert.deepEqual(of(1), of(1));
  assert.notDeepEqual(of(1), of(2));
});

test('a cluster of its own for every row changes nothing but the name of the method', () => {
  const keys = gold.map((_label, row) => `claim ${row}`);
  const { method, ...byClaims } = interval(macroF1, { clusters: { name: 'claims', keys } });
  const { method: methodOfRows, ...byRows } = interval(macroF1);
  assert.equal(method, 'percentile bootstrap over 300 claims');
  assert.equal(methodOfRows, 'percentile bootstrap over 300 rows');
  assert.deepEqual(byClaims, byRows);
});

test('drawing whole clusters widens the interval where the rows of a cluster are right or wrong together', () => {
  const random = randomStream('test: correlated rows', 1);
  const right = Array.from({ length: 60 }, () => random.next() < 0.6);
  const fiveEach = right.flatMap((isRight) => Array<boolean>(5).fill(isRight));
  const keys = fiveEach.map((_isRight, row) => String(Math.floor(row / 5)));
  const share = meanOf(fiveEach.map(Number));
  const width = ({ low, high }: Interval) => high - low;
  const ratio = width(intervalOf(share, { clusters: { name: 'fives', keys } })) / width(intervalOf(share));
  // Perfect correlation within groups of five: the standard error grows by the root of five.
  assert.ok(Math.abs(ratio - Math.sqrt(5)) < 0.3, `${ratio}`);
});

test('a system does not differ from itself, and no interval says that no other rows would tell them apart', () => {
  const same = { measure: macroF1, golds: gold, ours: [predicted], theirs: [predicted] };
  for (const method of ['percentile', 'bca', 'jackknife-t'] as const)
    assert.deepEqual(differenceInterval(same, { method }), {
      note: 'it is the same whichever rows are drawn',
    });
});

test('a replicate scores one sum, and needs no memory of its own', () => {
  const buffers = new Set<ArrayBufferLike>();
  let calls = 0;
  const { vectors } = meanOf(gold.map(() => 1));
  intervals({
    vectors,
    of(sums) {
      calls += 1;
      buffers.add(sums.buffer);
      return [0];
    },
  });
  assert.deepEqual([calls, buffers.size], [2000, 1]);
});

test('numbers that are no counts are summed as they are', () => {
  const random = randomStream('test: summed numbers', 1);
  const numbers = Array.from({ length: 80 }, () => random.next());
  const { low, high } = intervalOf(meanOf(numbers), { replicates: 4000 });
  const mean = numbers.reduce((sum, each) => sum + each, 0) / 80;
  const error = Math.sqrt(numbers.reduce((sum, each) => sum + (each - mean) ** 2, 0)) / 80;
  for (const [end, wanted] of [
    [low, mean - 1.96 * error],
    [high, mean + 1.96 * error],
  ] as const)
    assert.ok(Math.abs(end - wanted) < 0.2 * error, `${end}, not ${wanted}`);
});

describe('what cannot be resampled is refused', () => {
  test('no rows', () => {
    assert.throws(() => intervals(meanOf([])), /no rows/);
  });
  test('clusters of another set', () => {
    const clusters = { name: 'claims', keys: ['1'] };
    assert.throws(() => interval(accuracy, { clusters }), /300 rows but cluster keys of 1/);
  });
  test('a level in percent', () => {
    assert.throws(() => interval(accuracy, { level: 95 }), /level is 95/);
  });
  test('no replicates', () => {
    assert.throws(() => interval(accuracy, { replicates: 0 }), /replicates is 0/);
  });
  test('an infinite statistic', () => {
    assert.throws(() => intervals(meanOf([1, Number.POSITIVE_INFINITY])), /is Infinity/);
  });
});
