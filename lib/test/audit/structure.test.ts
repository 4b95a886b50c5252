import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { auditData } from 'small-claims/audit/data';
import { separation } from 'small-claims/audit/measures/separation';
import { reportedRules, structure } from 'small-claims/audit/measures/structure';
import { sentenceCount, surfaceFeatures } from 'small-claims/audit/measures/surface';
import { classify, growTree, saying } from 'small-claims/learners/tree';
import { normalQuantile } from 'small-claims/metrics/distributions';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { invented } from './datasets.js';

const numbers = z.array(z.number());
const { areas, trees } = expected(
  'audit_structure',
  z.object({
    areas: z.array(
      z.object({
        numbers,
        positive: z.array(z.boolean()),
        clusters: numbers,
        auc: z.number(),
        delong: z.number(),
        clustered: z.number(),
        p: z.number(),
      }),
    ),
    trees: z.array(
      z.object({
        classes: z.number(),
        depth: z.number(),
        features: z.array(numbers),
        targets: numbers,
        fresh: z.array(numbers),
        trained: numbers,
        predicted: numbers,
      }),
    ),
  }),
);

describe('areas, their intervals and p-values are those of scikit-learn, DeLong, Obuchowski and scipy', () => {
  for (const [index, each] of areas.entries()) {
    test(`area ${index}`, () => {
      const alone = separation(each.numbers, each.positive);
      const keys = each.clusters.map(String);
      const clustered = separation(each.numbers, each.positive, { clusters: { name: 'clusters', keys } });
      assert.ok(alone && clustered);
      assert.ok(Math.abs(alone.auc - each.auc) < 1e-12);
      assert.ok(Math.abs(alone.p - each.p) < 1e-9 * Math.max(1, 1 / each.p), `${alone.p} ${each.p}`);
      const z95 = normalQuantile(0.975);
      assert.ok(Math.abs(alone.low - (each.auc - z95 * each.delong)) < 1e-9);
      assert.ok(Math.abs(alone.high - Math.min(1, each.auc + z95 * each.delong)) < 1e-9);
      assert.ok(Math.abs(clustered.low - Math.max(0, each.auc - z95 * each.clustered)) < 1e-9);
    });
  }
});

test('a label that every row has, or none, is told from nothing', () => {
  assert.equal(separation([1, 2], [true, true]), undefined);
  assert.equal(separation([1, 2], [false, false]), undefined);
  assert.equal(separation([3, 3, 3, 3], [true, true, false, false])?.p, 1);
});

describe('trees are those of scikit-learn', () => {
  for (const { classes, depth, features, targets, fresh, trained, predicted } of trees) {
    test(`${targets.length} rows, ${classes} classes, depth ${depth}`, () => {
      const columns = features.map((column) => Float64Array.from(column));
      const tree = growTree(columns, targets, { classes, depth });
      assert.deepEqual([...classify(tree, columns)], trained);
      assert.deepEqual(
        [
          ...classify(
            tree,
            fresh.map((column) => Float64Array.from(column)),
          ),
        ],
        predicted,
      );
    });
  }
});

test('a tree is said in words, leaves of one label as one', () => {
  const tree = growTree([Float64Array.of(0, 0, 5, 5, 9)], [1, 1, 0, 0, 0], { classes: 2, depth: 3 });
  assert.equal(saying(tree, [{ name: 'length' }], ['YES', 'NO']), 'NO where length is at most 2.5; else YES');
  assert.equal(saying({ label: 0, rows: 3 }, [], ['YES', 'NO']), 'YES, always');
  const leaf = (label: number) => ({ label, rows: 1 });
  const long = { feature: 0, threshold: 2, below: leaf(0), above: leaf(1) };
  const deep = { feature: 0, threshold: 9, below: long, above: leaf(1) };
  assert.equal(saying(deep, [{ name: 'length' }], ['YES', 'NO']), 'YES where length is at most 2; else NO');
  const empty = { name: 'emptiness', either: ['there is text', 'there is none'] } as const;
  const mixed = { feature: 1, threshold: 0.5, below: deep, above: leaf(0) };
  assert.equal(
    saying(mixed, [{ name: 'length' }, empty], ['YES', 'NO']),
    'YES where there is text and length is at most 2; NO where there is text; else YES',
  );
});

test('features are counted of letters of every alphabet', () => {
  const texts = {
    claim: "Zinc doesn't cure, and may not help 𝒜.",
    evidence: '北京。Это не 3.5 мг! No. ',
  };
  const counted = Object.fromEntries(
    surfaceFeatures(['claim', 'evidence']).map((feature) => [feature.id, feature.of({ texts })]),
  );
  assert.deepEqual(
    { ...counted, overlap: 0 },
    {
      'claim-empty': 0,
      'claim-characters': 38,
      'claim-words': 8,
      'claim-sentences': 1,
      'claim-punctuation': 3,
      'claim-digits': 0,
      'claim-negations': 2,
      'claim-hedges': 1,
      'evidence-empty': 0,
      'evidence-characters': 22,
      'evidence-words': 5,
      'evidence-sentences': 3,
      'evidence-punctuation': 4,
      'evidence-digits': 2,
      'evidence-negations': 1,
      'evidence-hedges': 0,
      overlap: 0,
    },
  );
  assert.equal(sentenceCount(''), 0);
  assert.equal(sentenceCount('One. Two? Three'), 3);
});

test('an empty field for one label is found, by rules that never read the claim', () => {
  const rows = (from: number) =>
    Array.from({ length: 60 }, (_, index) => {
      const label = ['yes', 'no', 'unknown'][index % 3] ?? '';
      const evidence = label === 'unknown' ? '' : `text of ${index} words`;
      return { id: `${from + index}`, claim: `claim ${index}`, evidence, label };
    });
  const found = structure(auditData(rows(0), rows(100)), { replicates: 100 });
  const [oneFeature, ...trees] = reportedRules(found, ['claim', 'evidence']);
  assert.match(oneFeature?.saying ?? '', /unknown where .* of the evidence/);
  assert.equal(oneFeature?.readsClaim, false);
  assert.deepEqual(
    trees.map(({ reads, readsClaim }) => [reads, readsClaim]),
    [
      ['the claim', true],
      ['the evidence', false],
      ['both', true],
    ],
  );
  const empty = found.separations.find(
    ({ feature, label }) => feature.id === 'evidence-empty' && label === 'unknown',
  );
  assert.equal(empty?.separation?.auc, 1);
  assert.ok((empty?.separation?.p ?? 1) < 1e-6);
});

for (const name of ['unicode', 'missing', 'tiny']) {
  test(`the dataset ${name} can be measured: every label, every feature, every rule`, () => {
    const data = invented(name);
    const found = structure(data, { replicates: 50 });
    assert.equal(found.separations.length, data.labels.length * surfaceFeatures(data.fields).length);
    for (const { label, separation: of } of found.separations) {
      assert.equal(of === undefined, !data.test.some((row) => row.gold === label));
    }
    for (const rule of found.rules) {
      const accuracy = rule.scores.accuracy.number;
      assert.ok(Math.abs(rule.gain.number - (accuracy - found.majority)) < 1e-12);
    }
  });
}
