import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { estimates } from 'small-claims/metrics/estimates';
import { summed } from 'small-claims/metrics/measure';
import { intervals } from 'small-claims/metrics/resampling/bootstrap';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { accuracy, f1Of, LABELS, labels, macroF1 } from './labels.js';
import { intervalOf, near } from './near.js';

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
const gold = labels(reference.gold);
const predicted = reference.predicted.map(labels);
const clusters = { name: 'claims', keys: reference.clusters.map(String) };
const measures = [accuracy, macroF1, ...LABELS.map(f1Of)];

describe('scores over three seeds', () => {
  const { n, seeds, of, variation } = estimates(measures, gold, predicted, { clusters });

  test('are those of scikit-learn, their means and standard deviations those of numpy', () => {
    assert.deepEqual([n, seeds], [300, 3]);
    for (const [index, { id }] of measures.entries()) {
      const { bySeed, seedDeviation } = variation(id);
      near(bySeed, reference.bySeed[index] ?? []);
      near(
        [of(id).number, seedDeviation],
        [reference.mean, reference.seedDeviation].flatMap((all) => all[index] ?? []),
      );
    }
  });

  test('vary over test rows as in a bootstrap by numpy that draws the same rows for every seed', () => {
    for (const [index, { id }] of measures.entries()) {
      // Two bootstraps of some thousand replicates: their own noise is about 2 % of the deviation.
      const deviation = reference.samplingError[index] ?? 0;
      near([variation(id).samplingError], [deviation], 0.08 * deviation);
      const { low, high } = intervalOf(of(id));
      const wanted = [reference.low, reference.high].flatMap((all) => all[index] ?? []);
      near([low, high], wanted, 0.25 * deviation);
    }
  });
});

test('with one seed, intervals are those of its answers alone, and nothing is said of other seeds', () => {
  const [first = []] = predicted;
  const one = estimates(measures, gold, [first], { clusters });
  const alone = intervals(summed(measures, gold, first), { clusters });
  assert.deepEqual(
    measures.map(({ id }) => one.of(id).interval),
    alone.map(({ interval }) => interval),
  );
  assert.equal(one.variation('macro-f1').seedDeviation, undefined);
});

test('no seed, and answers to other rows, are refused', () => {
  assert.throws(() => estimates(measures, gold, []), /no seed has answers/);
  assert.throws(() => estimates(measures, gold, [labels('SCN')]), /300 gold answers but 3 answers/);
});
