import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptinessRule } from 'small-claims/audit/claim-verification/emptiness';
import { leak } from 'small-claims/audit/claim-verification/leak';
import { follow } from 'small-claims/audit/rules';
import { buildFacts } from 'small-claims/datasets/facts';
import { split } from 'small-claims/datasets/split';
import { scores } from 'small-claims/metrics/measure';
import { measuresOf } from 'small-claims/metrics/measures/measures';
import { shapeOf } from 'small-claims/tasks/shape-of';
import { findTask } from 'small-claims/tasks/task';

// From the records in data/records: no data set is needed.

test('in SciFact rationales the evidence is empty where the label is NEI, and nowhere else', async () => {
  for (const part of ['train', 'dev'] as const) {
    const { rows } = await buildFacts(`scifact/rationales/${part}`);
    for (const { id, gold, words } of rows) assert.equal(words['evidence'] === 0, gold === 'NEI', id);
  }
});

test('"empty means NEI, else SUPPORT" has 72.9 accuracy and 59.3 macro-F1 on the 450 rows of SciFact dev', async () => {
  const { rows } = await buildFacts('scifact/rationales/dev');
  const golds = rows.map(({ gold }) => gold);
  const measures = measuresOf(findTask('claim-verification'));
  const [accuracy = 0, macroF1 = 0] = scores(measures, golds, follow(emptinessRule, rows));
  assert.equal(rows.length, 450);
  assert.equal((100 * accuracy).toFixed(1), '72.9');
  assert.equal((100 * macroF1).toFixed(1), '59.3');
});

test('splits of SciFact train by row leak half of their claims, those by claim none', async () => {
  const { rows } = await buildFacts('scifact/rationales/train');
  const stratify = shapeOf(findTask('claim-verification'));
  const leaked = (group: 'row' | 'claim') =>
    [0, 1, 2, 3, 4].map((seed) => {
      const { train, held } = split(rows, { size: 1008, seed, stratify, group });
      return leak(train, held).claim / held.length;
    });
  const mean = leaked('row').reduce((sum, share) => sum + share, 0) / 5;
  assert.ok(mean > 0.45 && mean < 0.55, `${mean}`);
  assert.deepEqual(leaked('claim'), [0, 0, 0, 0, 0]);
});
