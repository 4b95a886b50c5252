import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { priorShift } from 'small-claims/audit/measures/prior-shift';
import { wordHabits } from 'small-claims/audit/measures/word-habits';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { invented } from './datasets.js';

const word = z.object({
  word: z.string(),
  label: z.string(),
  rows: z.number(),
  withLabel: z.number(),
  z: z.number(),
  p: z.number(),
  pmi: z.number(),
  lmi: z.number(),
});
const reference = expected(
  'audit_words',
  z.array(
    z.object({
      name: z.string(),
      fields: z.object({ claim: z.array(word), evidence: z.array(word) }),
      shift: z.number(),
    }),
  ),
);

for (const { name, fields, shift } of reference) {
  describe(`the dataset ${name}`, () => {
    for (const part of ['claim', 'evidence'] as const) {
      test(`the words of the ${part} go with labels as scipy and the formulas have it`, () => {
        const wanted = new Map(fields[part].map((each) => [each.word, each]));
        const found = wordHabits(invented(name), part);
        assert.equal(found.length, wanted.size);
        for (const each of found) {
          const other = wanted.get(each.word);
          assert.ok(other, each.word);
          assert.deepEqual(
            [each.label, each.rows, each.withLabel],
            [other.label, other.rows, other.withLabel],
            each.word,
          );
          for (const measure of ['z', 'pmi', 'lmi'] as const)
            assert.ok(Math.abs(each[measure] - other[measure]) < 1e-6, `${each.word}: ${measure}`);
          assert.ok(Math.abs(each.p - other.p) < 1e-9 * Math.max(1, other.p), `${each.word}: ${each.p}`);
        }
      });
    }

    test('labels have other shares in test with the chance that scipy gives', () => {
      assert.ok(Math.abs(priorShift(invented(name)).p - shift) < 1e-9);
    });
  });
}
