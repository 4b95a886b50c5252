import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BASELINE_SETTINGS, fitBaseline } from 'small-claims/audit/builds/build-baseline';
import { auditData, readBy, textsOf } from 'small-claims/audit/data';
import { fitTfidf } from 'small-claims/learners/tfidf';
import { z } from 'zod';
import { LABELS } from '../metrics/labels.js';
import { expected } from '../reference/expected.js';

const row = z.object({ claim: z.string(), evidence: z.string(), label: z.enum(LABELS) });
const {
  train,
  test: held,
  fits,
} = expected(
  'partial_input',
  z.object({
    train: z.array(row),
    test: z.array(row),
    fits: z.array(
      z.object({
        input: z.enum(['claim', 'evidence', 'both']),
        strength: z.number(),
        terms: z.array(z.array(z.string())),
        firstVector: z.array(z.number()),
        probabilities: z.array(z.tuple([z.number(), z.number(), z.number()])),
      }),
    ),
  }),
);

describe('the terms and weights of a collection equal those of TfidfVectorizer', () => {
  for (const { input, terms, firstVector } of fits) {
    if (input === 'both') continue;
    test(input, () => {
      const tfidf = fitTfidf(
        train.map((each) => each[input]),
        { longest: 2 },
      );
      assert.deepEqual(tfidf.terms, terms[0]);
      const vector = [...tfidf.vector(train[0]?.[input] ?? '').values];
      assert.equal(vector.length, firstVector.length);
      for (const [index, value] of vector.entries()) {
        assert.ok(Math.abs(value - (firstVector[index] ?? Number.NaN)) < 1e-12);
      }
    });
  }
});

const numbered = (rows: typeof train) => rows.map((each, index) => ({ ...each, id: `${index}` }));
const data = auditData(numbered(train), numbered(held), { labels: LABELS });

describe('the probabilities of the baselines equal those of LogisticRegression', () => {
  for (const { input, strength, probabilities } of fits) {
    test(`${input}, C = ${strength}`, () => {
      const model = fitBaseline(input, data, strength);
      const logprobs = model.logprobs(textsOf(data.test, readBy(input, data.fields)));
      assert.equal(logprobs.length, held.length * LABELS.length);
      for (const [index, wanted] of probabilities.flat().entries()) {
        const actual = Math.exp(logprobs[index] ?? Number.NaN);
        assert.ok(Math.abs(actual - wanted) < 1e-5, `${index}: ${actual}, scikit-learn has ${wanted}`);
      }
    });
  }
});

test('a label that training lacks has probability 0, and the others are as if there were no such label', () => {
  const lacking = { ...data, train: data.train.filter(({ gold }) => gold !== 'CONTRADICT') };
  const texts = textsOf(data.test, readBy('both', data.fields));
  const found = [...fitBaseline('both', lacking).logprobs(texts)];
  const two = fitBaseline('both', { ...lacking, labels: ['SUPPORT', 'NEI'] }).logprobs(texts);
  const [support, contradict, nei] = LABELS.map((_, label) =>
    found.filter((_logprob, at) => at % 3 === label),
  );
  assert.deepEqual(
    support?.flatMap((logprob, row) => [logprob, nei?.[row]]),
    [...two],
  );
  assert.deepEqual(new Set(contradict), new Set([Number.NEGATIVE_INFINITY]));
});

test('the strength of the baselines is within a point of the best on SciFact train, for every input', () => {
  const inputs = expected(
    'strength',
    z.array(
      z.object({
        input: z.string(),
        strengths: z.array(z.object({ strength: z.number(), macroF1: z.array(z.number()) })),
      }),
    ),
  );
  for (const { input, strengths } of inputs) {
    const means = new Map(
      strengths.map(({ strength, macroF1 }) => [
        strength,
        macroF1.reduce((sum, score) => sum + score, 0) / macroF1.length,
      ]),
    );
    const ours = means.get(BASELINE_SETTINGS.strength) ?? Number.NaN;
    assert.ok(ours > Math.max(...means.values()) - 0.01, `${input}: ${ours}`);
  }
});
