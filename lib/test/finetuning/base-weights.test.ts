import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { plainWeights } from 'small-claims/finetuning/base-weights';
import { agreement } from 'small-claims/finetuning/parity';
import { askTransformers } from 'small-claims/finetuning/parity-rows';
import { promptsInTokens } from 'small-claims/finetuning/prompt-completion';
import { sha256File } from 'small-claims/project/digest';
import { findTrainingPrograms } from 'small-claims/project/python';
import type { LabelScore } from 'small-claims/scoring/label-score';
import { openLlamaScorer } from 'small-claims/scoring/llama/scorer';
import { sleepClaims, studyPrompt } from '../scoring/examples.js';
import { modelFile } from '../scoring/model.js';

test('transformers and llama.cpp make the same tokens and label log-probabilities of dequantised weights', async (t) => {
  const gguf = await modelFile(t);
  const programs = findTrainingPrograms();
  if (!programs) return t.skip('needs the Python that trains (make train-python)');
  if (!gguf) return;
  const root = mkdtempSync(join(tmpdir(), 'stacks-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const plain = await plainWeights(programs.python, gguf, await sha256File(gguf));
  const rows = sleepClaims.slice(0, 6);
  const { prompts, answers } = await promptsInTokens(gguf, studyPrompt(), rows, true);
  const file = join(root, 'rows.jsonl');
  writeFileSync(file, prompts.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const theirs = await askTransformers(
    programs.python,
    { base: plain.folder, adapter: '-', weights: 'float32' },
    file,
    answers,
  );
  assert.ok(theirs.every(({ sameTokens }) => sameTokens));

  const scorer = await openLlamaScorer(plain.gguf, { threads: 1, cache: 'F32' });
  const ours: LabelScore[] = [];
  try {
    await scorer.score({ prompt: studyPrompt(), shots: [] }, rows, (score) => ours.push(score));
  } finally {
    await scorer.dispose();
  }
  const { sameLabel, largest } = agreement(ours, theirs);
  assert.equal(sameLabel, rows.length);
  assert.ok(largest < 0.01, `${largest} nats apart`);
});
