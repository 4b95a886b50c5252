import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokensToEvaluate } from 'small-claims/scoring/llama/sharing';
import { tokenise } from 'small-claims/scoring/llama/tokens';
import type { Row } from 'small-claims/tasks/row';
import {
  deduplicatedTokens,
  evidenceOf,
  sampleByLength,
  wholeEvidences,
  workload,
} from '../../bench/workload.js';
import { sleepClaims, studyPrompt } from '../scoring/examples.js';
import { modelFile } from '../scoring/model.js';
import { claimRow } from '../tasks/claim-row.js';

const example = (id: number, evidence: string): Row => claimRow(`${id}`, { claim: `Claim ${id}.`, evidence });

test('rows are taken evidence by evidence, whole, until there are enough', () => {
  // Of evidence k there are k rows.
  const rows = Array.from({ length: 12 }, (_, k) =>
    Array.from({ length: k + 1 }, (_, i) => example(100 * k + i, `Evidence ${k}.`)),
  ).flat();
  for (const count of [1, 20, 50, rows.length, 1000]) {
    const taken = wholeEvidences(rows, count);
    const evidences = new Set(taken.map(evidenceOf));
    assert.equal(taken.length, rows.filter((row) => evidences.has(evidenceOf(row))).length);
    assert.ok(taken.length >= Math.min(count, rows.length) && taken.length < count + 12, `${taken.length}`);
    assert.deepEqual(
      taken,
      rows.filter((row) => taken.includes(row)),
      'in their own order',
    );
  }
});

test('a sample by length is as long as all are, also where few are very long', () => {
  const examples = Array.from({ length: 90 }, (_, i) => example(i, 'x'.repeat(i % 10 === 0 ? 900 + i : i)));
  const work = {
    title: '',
    prompt: studyPrompt(),
    shots: [],
    examples,
    promptOf: evidenceOf,
    parts: { before: 0, evidences: [], questions: [] },
  };
  const mean = (rows: readonly Row[]) =>
    rows.reduce((sum, row) => sum + evidenceOf(row).length, 0) / rows.length;
  for (const count of [9, 30, 90]) {
    const sample = sampleByLength(work, count);
    assert.equal(new Set(sample).size, count);
    assert.ok(Math.abs(mean(sample) / mean(examples) - 1) < 0.1, `${mean(sample)} of ${mean(examples)}`);
  }
  assert.equal(sampleByLength(work, 500).length, 90);
});

test('the tokens that a benchmark counts, shared ones once, are those that the engine evaluates', async (t) => {
  const path = await modelFile(t);
  if (path === undefined) return;
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const llama = await getLlama({ build: 'never', logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: path, vocabOnly: true });
  const [examples, shots] = [sleepClaims.slice(4), sleepClaims.slice(0, 4)];
  for (const asked of [[], shots]) {
    const work = workload(model, { title: '', prompt: studyPrompt(), shots: asked, examples });
    const prompts = tokenise(model, { prompt: studyPrompt(), shots: asked }, examples);
    assert.equal(deduplicatedTokens(work), tokensToEvaluate(prompts));
    const [first] = examples;
    assert.ok(first);
    const whole = prompts.find(({ id }) => id === first.id)?.tokens;
    assert.equal(model.tokenize(work.promptOf(first), true).length, whole);
  }
  await llama.dispose();
});
