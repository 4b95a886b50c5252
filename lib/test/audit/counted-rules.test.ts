import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { goldOf } from 'small-claims/audit/data';
import { structure } from 'small-claims/audit/measures/structure';
import { surface, surfaceFeatures } from 'small-claims/audit/measures/surface';
import { classAt, fitThresholds } from 'small-claims/learners/threshold';
import { classify, growTree } from 'small-claims/learners/tree';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { invented } from './datasets.js';

const guesses = z.object({ trained: z.array(z.number()), predicted: z.array(z.number()) });
const reference = expected(
  'audit_rules',
  z.array(
    z.object({
      name: z.string(),
      single: z.record(z.string(), guesses),
      best: z.string(),
      trees: z.record(z.string(), guesses),
      rules: z.record(z.string(), guesses.extend({ macroF1: z.number() })),
    }),
  ),
);
const FEATURES = surfaceFeatures(['claim', 'evidence']);

for (const { name, single, best, trees, rules } of reference) {
  describe(`in the dataset ${name}`, () => {
    const data = invented(name);
    const learnt = goldOf(data.train, data.labels);

    test('the tree of each feature by itself is that of scikit-learn', () => {
      for (const feature of FEATURES) {
        const columns = surface(data.train, [feature]);
        const tree = growTree(columns, learnt, { classes: data.labels.length, depth: 2 });
        assert.deepEqual([...classify(tree, columns)], single[feature.id]?.trained, feature.id);
        assert.deepEqual(
          [...classify(tree, surface(data.test, [feature]))],
          single[feature.id]?.predicted,
          feature.id,
        );
      }
    });

    test('the one-feature rule and the trees of several features are those of scikit-learn', () => {
      const found = structure(data, { replicates: 10 });
      assert.deepEqual(
        found.rules[0]?.features.map(({ id }) => id),
        [best],
      );
      for (const rule of found.rules) {
        const wanted = rule.reads === 'one feature' ? single[best] : trees[rule.reads];
        assert.deepEqual([...rule.predicted], wanted?.predicted, rule.reads);
        const hits = learnt.filter((label, row) => label === wanted?.trained[row]).length;
        assert.ok(Math.abs(rule.trained - hits / learnt.length) < 1e-12, rule.reads);
      }
    });

    test('the threshold rules are the best of all that there are', () => {
      for (const [id, wanted] of Object.entries(rules)) {
        const feature = FEATURES.filter((each) => each.id === id);
        const [[train = []], [fresh = []]] = [surface(data.train, feature), surface(data.test, feature)];
        const parts = fitThresholds(train, learnt, data.labels.length);
        const said = (numbers: ArrayLike<number>) => Array.from(numbers, (number) => classAt(parts, number));
        assert.deepEqual(said(train), wanted.trained, id);
        assert.deepEqual(said(fresh), wanted.predicted, id);
      }
    });
  });
}
