import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { goldOf } from 'small-claims/audit/data';
import { permutationNull } from 'small-claims/audit/measures/permutation-null';
import { conflictingLabels, nearlySharedTexts, sharedTexts } from 'small-claims/audit/measures/shared-texts';
import { structure } from 'small-claims/audit/measures/structure';
import { surface, surfaceFeatures } from 'small-claims/audit/measures/surface';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { invented } from './datasets.js';

const where = z.object({ between: z.number(), train: z.number(), test: z.number() });
const shared = z.record(z.string(), where);
const reference = expected(
  'audit_counts',
  z.array(
    z.object({
      name: z.string(),
      counts: z.record(z.string(), z.array(z.number())),
      areas: z.record(z.string(), z.record(z.string(), z.number())),
      same: shared,
      near: shared,
      conflicting: z.number(),
    }),
  ),
);

for (const { name, counts, areas, same, near, conflicting } of reference) {
  describe(`the dataset ${name}, counted by another program`, () => {
    const data = invented(name);

    test('every count of every row', () => {
      const features = surfaceFeatures(data.fields);
      for (const [index, numbers] of surface(data.test, features).entries()) {
        const id = features[index]?.id ?? '';
        for (const [row, wanted] of (counts[id] ?? assert.fail(id)).entries())
          assert.ok(
            Math.abs((numbers[row] ?? Number.NaN) - wanted) < 1e-12,
            `${id} of ${data.test[row]?.id}`,
          );
      }
    });

    test('the area under the ROC curve of every count for every label', () => {
      for (const { feature, label, separation } of structure(data, { replicates: 10 }).separations) {
        const wanted = areas[feature.id]?.[label];
        assert.equal(separation === undefined, wanted === undefined, `${feature.id}, ${label}`);
        if (separation)
          assert.ok(Math.abs(separation.auc - (wanted ?? 0)) < 1e-12, `${feature.id}, ${label}`);
      }
    });

    test('rows that share a text, or nearly, and rows whose labels conflict', () => {
      for (const [found, wanted] of [
        [sharedTexts(data), same],
        [nearlySharedTexts(data), near],
      ] as const) {
        for (const each of found)
          assert.equal(each.rows, wanted[each.of]?.[each.where], `${each.of} ${each.where}`);
      }
      assert.equal(conflictingLabels(data).rows, conflicting);
    });

    test('labels dealt out anew are right as often as their shares meet by chance', () => {
      const gold = goldOf(data.test, data.labels);
      const predicted = gold.map((_, row) => (row % 3 === 0 ? 0 : 1));
      const share = (labels: Int32Array, label: number) =>
        labels.filter((each) => each === label).length / gold.length;
      const chance = data.labels.reduce((sum, _label, at) => sum + share(gold, at) * share(predicted, at), 0);
      const { accuracy } = permutationNull(gold, predicted, data.labels.length, { permutations: 9999 });
      // Five standard errors of a mean of 9,999 shares that cannot vary more than this.
      assert.ok(Math.abs(accuracy.mean - chance) < 5 * (0.5 / Math.sqrt(gold.length - 1) / Math.sqrt(9999)));
    });
  });
}
