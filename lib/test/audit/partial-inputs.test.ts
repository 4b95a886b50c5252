import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { auditData } from 'small-claims/audit/data';
import { guesses, scoreGuesses, seenIn } from 'small-claims/audit/measures/partial-inputs';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { invented } from './datasets.js';

const scored = z.object({
  predicted: z.array(z.number()),
  accuracy: z.number(),
  macroF1: z.number(),
  f1: z.array(z.number()),
  probabilities: z.array(z.array(z.number())).optional(),
});
const reference = expected(
  'audit_guesses',
  z.array(
    z.object({
      name: z.string(),
      approaches: z.record(z.string(), scored),
      seen: z.object({ claim: z.array(z.boolean()), evidence: z.array(z.boolean()) }),
    }),
  ),
);

for (const { name, approaches, seen } of reference) {
  describe(`the guesses of the dataset ${name} are those of scikit-learn`, () => {
    const data = invented(name);
    const results = scoreGuesses(data, guesses(data), { replicates: 50, permutations: 19 });

    test('approaches', () => {
      assert.deepEqual(
        results.map(({ approach }) => approach),
        Object.keys(approaches),
      );
    });

    for (const { approach, predicted, logprobs, all } of results) {
      test(approach, () => {
        const wanted = approaches[approach];
        assert.ok(wanted);
        for (const [index, logprob] of (logprobs ?? []).entries()) {
          const row = Math.floor(index / data.labels.length);
          const probability = wanted.probabilities?.[row]?.[index % data.labels.length] ?? Number.NaN;
          assert.ok(Math.abs(Math.exp(logprob) - probability) < 1e-4, `${row}: ${logprob}, ${probability}`);
        }
        assert.deepEqual([...predicted], wanted.predicted);
        assert.ok(Math.abs(all.accuracy.number - wanted.accuracy) < 1e-12);
        assert.ok(Math.abs(all.macroF1.number - wanted.macroF1) < 1e-12);
        for (const [label, { number, interval, note }] of all.f1.entries()) {
          assert.ok(Math.abs(number - (wanted.f1[label] ?? Number.NaN)) < 1e-12);
          // None of a label that many draws of a small test set lack, or of fewer than ten groups.
          assert.ok(
            interval
              ? interval.low <= interval.high
              : /not defined|^no interval, since (there are \d groups|it is the same)/.test(note ?? ''),
            note,
          );
        }
      });
    }

    test('rows whose text training has', () => {
      assert.deepEqual(seenIn('claim', data.train, data.test), seen.claim);
      assert.deepEqual(seenIn('evidence', data.train, data.test), seen.evidence);
      for (const { seen: parted } of results) {
        const known = seen.evidence.filter((each) => each).length;
        assert.equal(parted['evidence']?.seen?.n ?? 0, known);
        assert.equal(parted['evidence']?.unseen?.n ?? 0, data.test.length - known);
      }
    });
  });
}

const row = (id: number, claim: string, label: string, evidence = '') => ({
  id: `${id}`,
  claim,
  evidence,
  label,
});
const leaning = (from: number) =>
  Array.from({ length: 40 }, (_, index) =>
    index % 2
      ? row(from + index, `raises ${index}`, 'yes', `text ${index}`)
      : row(from + index, `lowers ${index}`, 'no', `text ${index}`),
  );

test('a claim that gives the label away is found against a permutation null', () => {
  const data = auditData(leaning(0), leaning(100));
  const found = guesses(data).find(({ approach }) => approach === 'claim');
  assert.ok(found);
  const [result] = scoreGuesses(data, [found], { replicates: 200 });
  assert.equal(result?.all.accuracy.number, 1);
  assert.equal(result?.chance?.accuracy.p, 1 / 1000);
  assert.ok(Math.abs((result?.chance?.accuracy.mean ?? 0) - 0.5) < 0.02);
});

test('a text that no row has is not read', () => {
  const only = (rows: ReturnType<typeof leaning>) => rows.map((each) => ({ ...each, evidence: '' }));
  const data = auditData(only(leaning(0)), only(leaning(100)));
  assert.deepEqual(
    guesses(data).map(({ approach }) => approach),
    ['majority', 'claim-lookup', 'claim'],
  );
});
