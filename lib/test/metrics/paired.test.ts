import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { differenceInterval } from 'small-claims/metrics/interval';
import { differenceError, pairedBootstrapTest, randomisationTest } from 'small-claims/metrics/paired';
import { accuracy, macroF1 } from 'small-claims/metrics/scores';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { labels } from './labels.js';

const reference = expected(
  'paired',
  z.object({
    gold: z.string(),
    ours: z.string(),
    theirs: z.string(),
    clusters: z.array(z.int()),
    difference: z.number(),
    randomisationByRows: z.number(),
    randomisationByClusters: z.number(),
    randomisationOfAccuracy: z.number(),
    few: z.object({ rows: z.array(z.int()), exactByClusters: z.number() }),
    bootstrapByRows: z.number(),
    bootstrapByClusters: z.number(),
  }),
);
const three = [labels(reference.gold), labels(reference.ours), labels(reference.theirs)] as const;
const keys = reference.clusters.map(String);
const clusters = { name: 'claims', keys };

/**
 * Within four standard errors of the two p-values, each known from `replicates` draws; the reference may be exact, and
 * ours is always known from 10,000.
 */
function alike(p: number, wanted: number, replicates = 10_000) {
  const variance = wanted * (1 - wanted);
  const error = Math.sqrt(
    variance / 10_000 + (replicates === Number.POSITIVE_INFINITY ? 0 : variance / replicates),
  );
  assert.ok(wanted > 0.01 && wanted < 0.99, `a p-value of ${wanted} would tell nothing`);
  assert.ok(Math.abs(p - wanted) < 4 * error, `${p}, the reference has ${wanted}`);
}

describe('approximate randomisation of macro-F1 has the p-value', () => {
  test("of sacrebleu's test, by rows and by whole clusters", () => {
    const byRows = randomisationTest(...three, macroF1);
    assert.ok(Math.abs(byRows.difference - reference.difference) < 1e-9);
    alike(byRows.p, reference.randomisationByRows);
    alike(randomisationTest(...three, macroF1, { clusters }).p, reference.randomisationByClusters);
  });
  test('of all the ways to exchange twelve clusters, by scipy', () => {
    const { rows, exactByClusters } = reference.few;
    const [gold, ours, theirs] = three.map((each) => rows.map((row) => each[row] ?? 'NEI'));
    assert.ok(gold && ours && theirs);
    const few = { clusters: { name: 'claims', keys: rows.map((row) => keys[row] ?? '') } };
    alike(randomisationTest(gold, ours, theirs, macroF1, few).p, exactByClusters, Number.POSITIVE_INFINITY);
  });
});

test("approximate randomisation of accuracy has the p-value of scipy's permutation test", () => {
  alike(randomisationTest(...three, accuracy).p, reference.randomisationOfAccuracy, 5000);
});

test("the paired bootstrap has the p-value of scipy's replicates, by rows and by whole clusters", () => {
  alike(pairedBootstrapTest(...three, macroF1).p, reference.bootstrapByRows);
  alike(pairedBootstrapTest(...three, macroF1, { clusters }).p, reference.bootstrapByClusters);
});

describe('two systems that were trained three times', () => {
  const compared = z.object({
    difference: z.number(),
    p: z.number(),
    interval: z.array(z.number()),
    deviation: z.number(),
    standardError: z.number(),
  });
  const seeds = expected(
    'paired_seeds',
    z.object({
      clusters: z.array(z.int()),
      gold: z.string(),
      ours: z.array(z.string()),
      theirs: z.array(z.string()),
      single: z.string(),
      overSeeds: compared,
      againstSingle: compared,
    }),
  );
  const gold = labels(seeds.gold);
  const ours = seeds.ours.map(labels);
  const options = { clusters: { name: 'claims', keys: seeds.clusters.map(String) } };
  const near = (found: number, wanted: number | undefined, tolerance: number) =>
    assert.ok(Math.abs(found - (wanted ?? Number.NaN)) <= tolerance, `${found}, not ${wanted}`);

  for (const [name, theirs, wanted] of [
    ['each other, seed by seed', seeds.theirs.map(labels), seeds.overSeeds],
    ['one that has no seeds', labels(seeds.single), seeds.againstSingle],
  ] as const) {
    test(`have the mean difference, p-value, interval and standard error of scipy and numpy, against ${name}`, () => {
      const { difference, p } = randomisationTest(gold, ours, theirs, macroF1, options);
      near(difference, wanted.difference, 1e-12);
      alike(p, wanted.p);
      const { low, high } = differenceInterval(gold, ours, theirs, macroF1, options);
      near(low, wanted.interval[0], 0.2 * wanted.deviation);
      near(high, wanted.interval[1], 0.2 * wanted.deviation);
      near(differenceError(gold, ours, theirs, macroF1, options).standardError, wanted.standardError, 1e-12);
    });
  }
  test('are one system where all seeds say the same', () => {
    const [first = []] = ours;
    const other = labels(seeds.single);
    const once = randomisationTest(gold, first, other, macroF1, options);
    const thrice = randomisationTest(gold, [first, first, first], [other, other, other], macroF1, options);
    near(thrice.difference, once.difference, 1e-12);
    assert.equal(thrice.p, once.p);
  });
  test('are refused with another number of seeds', () => {
    assert.throws(() => randomisationTest(gold, ours, ours.slice(1), macroF1), /3 seeds against those of 2/);
  });
});
