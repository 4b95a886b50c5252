import assert from 'node:assert/strict';
import { test } from 'node:test';
import { topScore } from 'small-claims/scoring/openai/top-logprobs';
import { findPrompt } from 'small-claims/tasks/prompt';
import { wordOf } from 'small-claims/tasks/shape';
import { z } from 'zod';
import { LABELS } from '../../metrics/labels.js';
import { expected } from '../../reference/expected.js';

const prompt = findPrompt('true-false-unknown');
const answers = LABELS.map((label) => ({ label, word: wordOf(label, prompt) }));
const three = z.tuple([z.number(), z.number(), z.number()]);
const cases = z.array(
  z.object({
    logits: three,
    maxLogit: z.number(),
    totalWeight: z.number(),
    logprobs: three,
    mass: z.number(),
  }),
);

test('the most probable tokens give the log-probabilities and mass that scipy finds over the whole vocabulary', () => {
  for (const { logits, maxLogit, totalWeight, logprobs, mass } of expected('label_logprobs', cases)) {
    const top = answers.map(({ word }, index) => ({
      token: word,
      logprob: (logits[index] ?? Number.NaN) - maxLogit - Math.log(totalWeight),
    }));
    const score = topScore(top.reverse(), answers);
    assert.deepEqual(score.bounded, []);
    for (const [index, logprob] of logprobs.entries()) {
      assert.ok(Math.abs((score.logprobs[index] ?? Number.NaN) - logprob) <= 5.1e-7, `${score.logprobs}`);
    }
    assert.ok(Math.abs(score.mass - mass) <= 5.1e-7, `${score.mass} ${mass}`);
  }
});

const top = (probabilities: Readonly<Record<string, number>>) =>
  Object.entries(probabilities).map(([token, probability]) => ({ token, logprob: Math.log(probability) }));

test('a label that is not told is bounded by the least probable token told, and named', () => {
  const { logprobs, mass, bounded } = topScore(top({ True: 0.6, False: 0.2, The: 0.05 }), answers);
  assert.deepEqual(bounded, ['NEI']);
  assert.equal(mass, 0.85);
  assert.deepEqual(logprobs, [-0.348307, -1.446919, -2.833213]);
});

test('a label that is not told is bounded by what those told leave over, where that is less', () => {
  const { bounded, mass } = topScore(top({ True: 0.7, False: 0.29 }), answers);
  assert.deepEqual(bounded, ['NEI']);
  assert.equal(mass, 1);
});

test('tokens that tell of no label bound all three alike', () => {
  const { bounded, logprobs } = topScore(top({ I: 0.9, Sorry: 0.02 }), answers);
  assert.deepEqual(bounded, [...LABELS]);
  assert.deepEqual(logprobs, [-1.098612, -1.098612, -1.098612]);
});

test('of a label’s tokens the longest is taken; other cases, words and beginnings of two answers are none', () => {
  const told = { Unk: 0.1, Un: 0.2, true: 0.3, ' True': 0.1, Trued: 0.1, F: 0.05, True: 0.05, False: 0.02 };
  const { bounded, logprobs, mass } = topScore(top(told), answers);
  assert.deepEqual(bounded, []);
  assert.equal(mass, 0.17);
  assert.deepEqual(
    logprobs.map((logprob) => Math.round(Math.exp(logprob) * 17)),
    [5, 2, 10],
  );
  const alike = [
    { label: 'SUPPORT', word: 'Yes' },
    { label: 'CONTRADICT', word: 'No' },
    { label: 'NEI', word: 'Not known' },
  ];
  assert.deepEqual(topScore(top({ Yes: 0.5, No: 0.3 }), alike).bounded, ['CONTRADICT', 'NEI']);
});

test('numbers that can be no log-probabilities are a malformed response', () => {
  for (const wrong of [[], [{ token: 'True', logprob: 0.1 }], top({ True: 0.6, False: 0.6 })]) {
    assert.throws(() => topScore(wrong, answers), /log-probabilities/);
  }
});
