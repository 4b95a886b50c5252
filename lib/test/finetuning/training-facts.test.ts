import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fingerprintOf, isBaseOf } from 'small-claims/finetuning/training-facts';
import { gridOf, trainingEntry } from 'small-claims/models/training-entry';
import { sha256 } from 'small-claims/project/digest';
import { sleepClaims, studyPrompt } from '../scoring/examples.js';

const entry = trainingEntry.parse({
  ...{ id: 'tiny', title: 'tiny', model: 'any', train: ['scifact/nei-random/train'] },
  ...{ size: 4, seeds: [1], method: 'lora' },
});
const [hyper] = gridOf(entry);
const rows = sleepClaims.slice(0, 4);
const commit = 'a'.repeat(40);
const start = { base: { from: 'hub', name: `owner/model@${commit}` }, precision: 'float32' } as const;

test('what is learnt from other evidence under the same ids, or from other weights, is something else', () => {
  assert.ok(hyper);
  const training = { entry, hyper, seed: 1, prompt: studyPrompt().name, rows };
  const model = { sha256: sha256('weights') };
  const fingerprint = fingerprintOf(training, model, start);
  assert.equal(fingerprintOf({ ...training, rows: [...rows] }, model, start), fingerprint);
  // Two rebuilds of NEI share ids, claims and labels.
  const rebuilt = rows.map((row, index) =>
    index === 2 ? { ...row, texts: { ...row.texts, evidence: 'Another sentence.' } } : row,
  );
  const others = [
    fingerprintOf({ ...training, rows: rebuilt }, model, start),
    fingerprintOf({ ...training, rows: [], validation: rows }, model, start),
    fingerprintOf({ ...training, seed: 2 }, model, start),
    fingerprintOf(training, { sha256: sha256('other weights') }, start),
    fingerprintOf(training, model, { ...start, base: { from: 'gguf', name: 'model.gguf' } }),
    fingerprintOf(training, model, { ...start, precision: 'bfloat16' }),
  ];
  assert.equal(new Set([fingerprint, ...others]).size, others.length + 1);
});

test('a training goes on from the weights it began from, unless the model names others by now', () => {
  const named = (hub: string, revision: string) => ({ base: { hub, revision } });
  assert.ok(isBaseOf(named('owner/model', 'main'), start.base, { method: 'qlora' }));
  assert.ok(isBaseOf(named('owner/model', commit), start.base, { method: 'qlora' }));
  assert.equal(isBaseOf(named('owner/model', 'b'.repeat(40)), start.base, { method: 'qlora' }), false);
  assert.equal(isBaseOf(named('owner/other', 'main'), start.base, { method: 'qlora' }), false);
  assert.equal(isBaseOf({}, start.base, { method: 'qlora' }), false);
  assert.ok(isBaseOf({}, { from: 'gguf', name: 'model.gguf' }, { method: 'lora' }));
  // A LoRA adapter learns on the weights of the file, whatever an earlier training of its name began from.
  assert.equal(isBaseOf(named('owner/model', 'main'), start.base, { method: 'lora' }), false);
  const scored = { method: 'qlora', provider: 'transformers' } as const;
  assert.equal(isBaseOf(named('owner/model', 'main'), start.base, scored), false);
});
