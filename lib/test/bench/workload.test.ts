import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokensToEvaluate } from 'small-claims/scoring/llama/sharing';
import { tokenise } from 'small-claims/scoring/llama/tokens';
import type { Example } from 'small-claims/tasks/example';
import { deduplicatedTokens, sampleByLength, wholeEvidences, workload } from '../../bench/workload.js';
import { sleepClaims, templateOf } from '../scoring/examples.js';
import { modelFile } from '../scoring/model.js';

const example = (id: number, evidence: string, claim = `Claim ${id}.`): Example => ({
  id: `${id}`,
  label: 'NEI',
  claimId: `${id}`,
  documentIds: [],
  rationale: [],
  claim,
  evidence,
});

test('rows are taken evidence by evidence, whole, until there are enough', () => {
  // Of evidence k there are k rows.
  const rows = Array.from({ length: 12 }, (_, k) =>
    Array.from({ length: k + 1 }, (_, i) => example(100 * k + i, `Evidence ${k}.`)),
  ).flat();
  for (const count of [1, 20, 50, rows.length, 1000]) {
    const taken = wholeEvidences(rows, count);
    const evidences = new Set(taken.map(({ evidence }) => evidence));
    assert.equal(taken.length, rows.filter(({ evidence }) => evidences.has(evidence)).length);
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
  const promptOf = ({ evidence }: Example) => evidence;
  const work = {
    title: '',
    template: templateOf(),
    shots: [],
    examples,
    promptOf,
    parts: { before: 0, evidences: [], questions: [] },
  };
  const mean = (rows: readonly Example[]) =>
    rows.reduce((sum, row) => sum + promptOf(row).length, 0) / rows.length;
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
    const work = workload(model, { title: '', template: templateOf(), shots: asked, examples });
    const prompts = tokenise(model, { template: templateOf(), shots: asked }, examples);
    assert.equal(deduplicatedTokens(work), tokensToEvaluate(prompts));
    const [first] = examples;
    assert.ok(first);
    const whole = prompts.find(({ id }) => id === first.id)?.tokens;
    assert.equal(model.tokenize(work.promptOf(first), true).length, whole);
  }
  await llama.dispose();
});
