import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { parity } from '../../bench/parity.js';
import { expected } from '../reference/expected.js';

const rows = z.array(z.tuple([z.number(), z.number(), z.number()]));
const cases = z.array(
  z.object({
    logprobs: rows,
    likelihoods: rows,
    agreement: z.number(),
    correlation: z.number(),
    largest: z.number(),
  }),
);

test('agreement, correlation and largest difference from another’s likelihoods are those of scipy', () => {
  for (const { logprobs, likelihoods, agreement, correlation, largest } of expected('parity', cases)) {
    const scores = logprobs.map((row, i) => ({ id: `${i}`, logprobs: row, mass: 1, promptTokens: 1 }));
    // One that the other has not scored is left out.
    const all = [...scores, { id: 'alone', logprobs: [-9, -9, 0] as const, mass: 1, promptTokens: 1 }];
    const findings = parity('ours', all, new Map(likelihoods.map((row, i) => [`${i}`, row])), {
      atMost: 0.01,
    });
    const values = findings.map(({ value }) => value);
    for (const [index, value] of [agreement, correlation, largest].entries())
      assert.ok(Math.abs((values[index] ?? Number.NaN) - value) < 2e-6, `${values} ${value}`);
    assert.deepEqual(
      findings.map(({ target }) => target),
      [undefined, undefined, { atMost: 0.01 }],
    );
    assert.ok(findings.every(({ what }) => what.startsWith('ours, 40 rows: ')));
  }
});
