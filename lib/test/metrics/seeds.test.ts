import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evaluate } from 'small-claims/metrics/evaluation';
import { scoresOverSeeds } from 'small-claims/metrics/seeds';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { claimFacts } from '../tasks/claim-row.js';
import { labels } from './labels.js';

const numbers = z.array(z.number());
const reference = expected(
  'seeds',
  z.object({
    clusters: numbers,
    gold: z.string(),
    predicted: z.array(z.string()),
    bySeed: z.array(numbers),
    mean: numbers,
    seedDeviation: numbers,
    samplingError: numbers,
    low: numbers,
    high: numbers,
  }),
);
const rows = labels(reference.gold).map((label, index) =>
  claimFacts(String(index), label, `claim ${reference.clusters[index]}`),
);
const predicted = reference.predicted.map(labels);
const near = (found: number | undefined, wanted: number | undefined, tolerance: number, what: string) =>
  assert.ok(
    Math.abs((found ?? Number.NaN) - (wanted ?? Number.NaN)) <= tolerance,
    `${what}: ${found}, not ${wanted}`,
  );

describe('scores over three seeds', () => {
  const { accuracy, macroF1, f1, n, seeds } = scoresOverSeeds(rows, predicted);
  const found = [accuracy, macroF1, f1.SUPPORT, f1.CONTRADICT, f1.NEI];

  test('are those of scikit-learn, their means and standard deviations those of numpy', () => {
    assert.deepEqual([n, seeds], [300, 3]);
    for (const [index, score] of found.entries()) {
      for (const [seed, each] of score.bySeed.entries())
        near(each, reference.bySeed[index]?.[seed], 1e-12, 'seed');
      near(score.mean, reference.mean[index], 1e-12, 'mean');
      near(score.seedDeviation, reference.seedDeviation[index], 1e-12, 'over seeds');
    }
  });

  test('vary over test rows as in a bootstrap by numpy that draws the same rows for every seed', () => {
    for (const [index, { samplingError, interval }] of found.entries()) {
      // Two bootstraps of some thousand replicates: their own noise is about 2 % of the deviation.
      const deviation = reference.samplingError[index] ?? 0;
      near(samplingError, deviation, 0.08 * deviation, 'over test rows');
      near(interval.low, reference.low[index], 0.25 * deviation, 'low');
      near(interval.high, reference.high[index], 0.25 * deviation, 'high');
    }
  });
});

test('with one seed they are those of an evaluation, to the bit, and nothing is said of other seeds', () => {
  const [first = []] = predicted;
  const one = scoresOverSeeds(rows, [first]);
  const alone = evaluate(rows, first);
  assert.deepEqual(one.macroF1.interval, alone.macroF1Interval);
  assert.deepEqual(one.accuracy.interval, alone.accuracyInterval);
  assert.deepEqual([one.macroF1.mean, one.f1.NEI.mean], [alone.macroF1, alone.labels.NEI.f1]);
  assert.equal(one.macroF1.seedDeviation, undefined);
});

test('no seed, and predictions of other rows, are refused', () => {
  assert.throws(() => scoresOverSeeds(rows, []), /no seed has predictions/);
  assert.throws(() => scoresOverSeeds(rows, [labels('SCN')]), /300 gold labels but 3 predictions/);
});
