import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pairedBootstrapTest, randomisationTest } from 'small-claims/metrics/paired';
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
