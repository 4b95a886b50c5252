import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { goldOf, readBy, textsOf } from 'small-claims/audit/data';
import { aflite } from 'small-claims/audit/measures/aflite';
import { measuredSubsets } from 'small-claims/audit/measures/difficulty';
import { guesses } from 'small-claims/audit/measures/partial-inputs';
import { fitBag } from 'small-claims/learners/text-classifier';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { invented } from './datasets.js';

const indices = z.array(z.number());
const filtered = z.object({ kept: indices, rounds: z.array(indices) });
const reference = expected(
  'audit_filtering',
  z.array(
    z.object({
      name: z.string(),
      filtered: z.object({ claim: filtered, evidence: filtered, both: filtered }),
      easy: z.array(z.string()),
      hard: z.array(z.string()),
    }),
  ),
);

for (const { name, filtered: wanted, easy, hard } of reference) {
  describe(`in the dataset ${name}`, () => {
    const data = invented(name);

    test("AFLite takes out, round by round, the rows that it does with scikit-learn's classifiers", () => {
      const targets = goldOf(data.train, data.labels);
      for (const input of ['claim', 'evidence', 'both'] as const) {
        const texts = textsOf(data.train, readBy(input, data.fields));
        const matrix = fitBag(texts, { minimum: 2, sublinear: true }).matrix(texts);
        const found = aflite(matrix, targets, data.labels.length, { tolerance: 1e-7 });
        assert.deepEqual(found, wanted[input], input);
      }
    });

    test("easy and hard rows are those that scikit-learn's classifiers get right and wrong", () => {
      const found = measuredSubsets(data, guesses(data));
      assert.deepEqual(found.by, ['claim', 'evidence']);
      for (const [subset, ids] of [
        [found.easy, easy],
        [found.hard, hard],
      ] as const) {
        assert.deepEqual(subset.ids, ids);
        assert.equal(subset.rows, ids.length);
        for (const label of data.labels) {
          const rows = data.test.filter((row) => row.gold === label && ids.includes(row.id));
          assert.equal(subset.labels[label], rows.length, label);
        }
      }
    });
  });
}
