import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { goldOf } from 'small-claims/audit/data';
import { permutationNull } from 'small-claims/audit/measures/permutation-null';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { invented } from './datasets.js';

const score = z.object({ p: z.number(), mean: z.number() });
const reference = expected(
  'audit_chance',
  z.array(
    z.object({
      name: z.string(),
      exact: z.boolean(),
      approaches: z.record(z.string(), z.object({ accuracy: score, macroF1: score })),
    }),
  ),
);
const guesses = expected(
  'audit_guesses',
  z.array(
    z.object({
      name: z.string(),
      approaches: z.record(z.string(), z.object({ predicted: z.array(z.number()) })),
    }),
  ),
);
const PERMUTATIONS = 9999;
const THEIRS = 99_999;

for (const { name, exact, approaches } of reference) {
  describe(`the p-values of guesses of the dataset ${name} are those of scipy's permutation test`, () => {
    const { labels, test: rows } = invented(name);
    const gold = goldOf(rows, labels);
    for (const [approach, wanted] of Object.entries(approaches)) {
      test(approach, () => {
        const predicted = guesses.find((each) => each.name === name)?.approaches[approach]?.predicted ?? [];
        const found = permutationNull(gold, predicted, labels.length, { permutations: PERMUTATIONS });
        for (const of of ['accuracy', 'macroF1'] as const) {
          const { p, mean } = wanted[of];
          // Four standard errors of both, and the one that is added to what is counted.
          const draws = 1 / PERMUTATIONS + (exact ? 0 : 1 / THEIRS);
          const far = 4 * Math.sqrt(p * (1 - p) * draws) + 1 / PERMUTATIONS;
          assert.ok(Math.abs(found[of].p - p) < far, `${of}: ${found[of].p}, scipy has ${p}`);
          // A score in 0..1 has a standard deviation of at most a half.
          assert.ok(Math.abs(found[of].mean - mean) < 4 * 0.5 * Math.sqrt(draws), of);
        }
      });
    }

    test('some of them could be told from others', () => {
      const all = Object.values(approaches).map(({ macroF1 }) => macroF1.p);
      assert.ok(all.some((p) => p > 0.01 && p < 0.99));
    });
  });
}
