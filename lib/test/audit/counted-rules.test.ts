import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type PairRow, targetsOf } from 'small-claims/audit/pair';
import {
  CLAIM_LENGTH,
  EVIDENCE_LENGTH,
  follow,
  LEXICAL_OVERLAP,
  thresholdRule,
} from 'small-claims/audit/rules';
import { structure } from 'small-claims/audit/structure';
import { SURFACE_FEATURES, surface } from 'small-claims/audit/surface';
import { classify, growTree } from 'small-claims/learners/tree';
import { LABELS } from 'small-claims/tasks/example';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { invented } from './datasets.js';
import { factsRow } from './facts-row.js';

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
const RULES = { 'claim-words': CLAIM_LENGTH, 'evidence-words': EVIDENCE_LENGTH, overlap: LEXICAL_OVERLAP };

for (const { name, single, best, trees, rules } of reference) {
  describe(`in the dataset ${name}`, () => {
    const data = invented(name);
    const learnt = targetsOf(data.train, data.labels);

    test('the tree of each feature by itself is that of scikit-learn', () => {
      for (const feature of SURFACE_FEATURES) {
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
        found.oneFeature.features.map(({ id }) => id),
        [best],
      );
      for (const rule of [found.oneFeature, ...found.trees]) {
        const wanted = rule === found.oneFeature ? single[best] : trees[rule.reads];
        assert.deepEqual([...rule.predicted], wanted?.predicted, rule.reads);
        const hits = learnt.filter((label, row) => label === wanted?.trained[row]).length;
        assert.ok(Math.abs(rule.trained - hits / learnt.length) < 1e-12, rule.reads);
      }
    });

    test('the threshold rules are the best of all that there are', () => {
      const counted = (rows: readonly PairRow[]) => {
        const columns = new Map(surface(rows).map((column, index) => [SURFACE_FEATURES[index]?.id, column]));
        const at = (id: string, row: number) => columns.get(id)?.[row] ?? Number.NaN;
        return [...targetsOf(rows, data.labels)].map((label, row) =>
          factsRow({
            gold: LABELS[label % 3] ?? 'NEI',
            words: { claim: at('claim-words', row), evidence: at('evidence-words', row) },
            overlap: at('overlap', row),
          }),
        );
      };
      const [train, fresh] = [counted(data.train), counted(data.test)];
      for (const [id, feature] of Object.entries(RULES)) {
        const rule = thresholdRule(train, feature);
        const said = (rows: typeof train) => follow(rule, rows).map((label) => LABELS.indexOf(label));
        assert.deepEqual(said(train), rules[id]?.trained, id);
        assert.deepEqual(said(fresh), rules[id]?.predicted, id);
      }
    });
  });
}
