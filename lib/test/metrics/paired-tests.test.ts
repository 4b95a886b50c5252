import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Compared,
  differenceError,
  differenceInterval,
  intervalOverSeeds,
} from 'small-claims/metrics/difference';
import { pairedBootstrapTest, randomisationTest } from 'small-claims/metrics/paired-tests';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { accuracy, labels, macroF1 } from './labels.js';
import { intervalOf, near } from './near.js';

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
const compared: Compared = {
  measure: macroF1,
  golds: labels(reference.gold),
  ours: [labels(reference.ours)],
  theirs: [labels(reference.theirs)],
};
const keys = reference.clusters.map(String);
const clusters = { name: 'claims', keys };

/** The difference itself, as other implementations exchange it. */
const asItIs = { statistic: 'difference' } as const;

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
    const byRows = randomisationTest(compared, asItIs);
    assert.ok(Math.abs(byRows.difference - reference.difference) < 1e-9);
    alike(byRows.p, reference.randomisationByRows);
    alike(randomisationTest(compared, { ...asItIs, clusters }).p, reference.randomisationByClusters);
  });
  test('of all the ways to exchange twelve clusters, by scipy', () => {
    const { rows, exactByClusters } = reference.few;
    const some = <T>(all: readonly T[] = []) => rows.flatMap((row) => all.slice(row, row + 1));
    const { measure, golds, ours, theirs } = compared;
    const fewer = { measure, golds: some(golds), ours: [some(ours[0])], theirs: [some(theirs[0])] };
    const few = { clusters: { name: 'claims', keys: rows.map((row) => keys[row] ?? '') } };
    alike(randomisationTest(fewer, { ...asItIs, ...few }).p, exactByClusters, Number.POSITIVE_INFINITY);
  });
});

test("approximate randomisation of accuracy has the p-value of scipy's permutation test", () => {
  alike(
    randomisationTest({ ...compared, measure: accuracy }, asItIs).p,
    reference.randomisationOfAccuracy,
    5000,
  );
});

test("the paired bootstrap has the p-value of scipy's replicates, by rows and by whole clusters", () => {
  alike(pairedBootstrapTest(compared).p, reference.bootstrapByRows);
  alike(pairedBootstrapTest(compared, { clusters }).p, reference.bootstrapByClusters);
});

describe('two systems that were trained three times', () => {
  const found = z.object({
    difference: z.number(),
    p: z.number(),
    interval: z.array(z.number()),
    deviation: z.number(),
    standardError: z.number(),
    otherSeeds: z.array(z.number()),
  });
  const seeds = expected(
    'paired_seeds',
    z.object({
      clusters: z.array(z.int()),
      gold: z.string(),
      ours: z.array(z.string()),
      theirs: z.array(z.string()),
      single: z.string(),
      overSeeds: found,
      againstSingle: found,
    }),
  );
  const [golds, ours] = [labels(seeds.gold), seeds.ours.map(labels)];
  const options = { clusters: { name: 'claims', keys: seeds.clusters.map(String) } };

  for (const [name, theirs, wanted] of [
    ['each other, seed by seed', seeds.theirs.map(labels), seeds.overSeeds],
    ['one that has no seeds', [labels(seeds.single)], seeds.againstSingle],
  ] as const) {
    test(`have the mean difference, p-value, interval and standard error of scipy and numpy, against ${name}`, () => {
      const both = { measure: macroF1, golds, ours, theirs };
      const { difference, p } = randomisationTest(both, { ...asItIs, ...options });
      near([difference], [wanted.difference]);
      alike(p, wanted.p);
      const { low, high } = intervalOf(differenceInterval(both, { ...options, method: 'percentile' }));
      near([low, high], wanted.interval, 0.2 * wanted.deviation);
      near([differenceError(both, options).standardError], [wanted.standardError]);
      const joint = intervalOverSeeds(both, options);
      assert.ok(joint);
      near([joint.low, joint.high], wanted.otherSeeds, 1e-9);
      assert.ok(joint.high - joint.low > 3.92 * wanted.standardError);
    });
  }
  test('are one system where all seeds say the same', () => {
    const [first = []] = ours;
    const other = labels(seeds.single);
    const times = (count: number) =>
      randomisationTest(
        {
          ...{ measure: macroF1, golds },
          ours: Array.from({ length: count }, () => first),
          theirs: Array.from({ length: count }, () => other),
        },
        options,
      );
    const [once, thrice] = [times(1), times(3)];
    near([thrice.difference], [once.difference]);
    assert.equal(thrice.p, once.p);
  });
  test('are refused with another number of seeds', () => {
    const fewer = { measure: macroF1, golds, ours, theirs: ours.slice(1) };
    assert.throws(() => randomisationTest(fewer), /3 seeds against those of 2/);
  });
});

test('answers of other rows are refused, also where two systems make up for each other', () => {
  const { golds, ours, theirs } = compared;
  const shifted = { ...compared, ours: [[...(ours[0] ?? []), 'NEI']], theirs: [theirs[0]?.slice(1) ?? []] };
  assert.throws(
    () => randomisationTest(shifted),
    new RegExp(`${golds.length} gold answers but ${golds.length + 1}`),
  );
});
