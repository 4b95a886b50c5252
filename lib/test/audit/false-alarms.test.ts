import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { expected } from '../reference/expected.js';

const { draws, alpha, tests, falseAlarms } = expected(
  'false_alarms',
  z.object({ draws: z.number(), alpha: z.number(), tests: z.array(z.string()), falseAlarms: z.number() }),
);

test('in 200 audits of clean pairs that share their evidence, false alarms stay at the level', () => {
  assert.equal(draws, 200);
  for (const id of ['signed-evidence', 'claim-alone', 'evidence-alone', 'form', 'rules', 'prior-shift'])
    assert.ok(tests.includes(id), id);
  assert.ok(falseAlarms / draws <= alpha, `${falseAlarms} of ${draws}`);
});
