import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelLogprobs } from 'small-claims/scoring/label-score';
import { z } from 'zod';
import { expected } from '../reference/expected.js';

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

test('log-probabilities of the labels and their mass are those of scipy over the whole vocabulary', () => {
  for (const { logits, maxLogit, totalWeight, logprobs, mass } of expected('label_logprobs', cases)) {
    const scored = labelLogprobs(logits, maxLogit, totalWeight);
    for (const [index, logprob] of logprobs.entries()) {
      assert.ok(
        Math.abs((scored.logprobs[index] ?? Number.NaN) - logprob) <= 5.1e-7,
        `${scored.logprobs} ${logprobs}`,
      );
    }
    assert.ok(Math.abs(scored.mass - mass) <= 5.1e-7, `${scored.mass} ${mass}`);
  }
});

test('a label far below the others keeps a finite log-probability', () => {
  const { logprobs, mass } = labelLogprobs([0, -800, -900], 0, 1);
  assert.deepEqual(logprobs, [0, -800, -900]);
  assert.equal(mass, 1);
});
