import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schedule, trainerConfig } from 'small-claims/finetuning/trainer-config';
import { assertLabels } from 'small-claims/finetuning/training';
import { optionsOf, trainingEntry } from 'small-claims/models/training-entry';
import { findPrompt } from 'small-claims/tasks/prompt';
import { studyPrompt } from '../scoring/examples.js';

const hyper = { rank: 8, alpha: 16, dropout: 0, epochs: 3, learningRate: 0.0005, batch: 16 };
const plan = schedule(1008, hyper, { gpu: false });
const place = { weights: 'w', train: 't', heldOut: null, output: 'o', precision: 'bfloat16' } as const;
const entry = (given: object) =>
  trainingEntry.parse({
    ...{ id: 'tiny', title: 'tiny', model: 'any', train: ['scifact/nei-random/train'], size: 4, seeds: [1] },
    ...{ method: 'lora', ...given },
  });

test('an epoch of 1,008 rows is 63 updates of 16, and the rate rises over the first tenth of all', () => {
  assert.deepEqual([plan.stepsPerEpoch, plan.steps, plan.perDevice], [63, 189, 8]);
  assert.equal(trainerConfig(entry({}), hyper, 1, plan, place, []).warmup, 19);
  // The last update of an epoch may hold fewer rows.
  assert.equal(schedule(1009, hyper, { gpu: false }).stepsPerEpoch, 64);
});

test('QLoRA, LoRA and full fine-tuning are the same entry with another word', () => {
  const config = (method: string) => trainerConfig(entry({ method }), hyper, 1, plan, place, []);
  const { quantisation, ...qlora } = config('qlora');
  assert.equal(quantisation?.bnb_4bit_quant_type, 'nf4');
  for (const method of ['lora', 'full'])
    assert.deepEqual(config(method), { ...qlora, method, quantisation: null });
});

test('a loss among labels needs labels, and what is corrected is that loss', () => {
  assert.doesNotThrow(() =>
    assertLabels(entry({ loss: 'labels', corrected: true }), [1, 2, 3], studyPrompt()),
  );
  const number = findPrompt('similarity-0-to-4');
  assert.throws(
    () => assertLabels(entry({ loss: 'labels' }), [], number),
    /sentence-similarity is of number/,
  );
  assert.throws(
    () => assertLabels(entry({ balanced: true }), [], number),
    /balanced: true is for tasks of one label/,
  );
  assert.throws(
    () => assertLabels(entry({ corrected: true }), [1, 2], studyPrompt()),
    /Give the entry loss: labels/,
  );
});

test('an entry of the first recipe says nothing of its loss, and is no other by what later ones may say', () => {
  assert.equal(optionsOf(entry({ recipe: 1 })), undefined);
  assert.deepEqual(optionsOf(entry({})), { loss: 'vocabulary', balanced: false, corrected: false });
  assert.deepEqual(optionsOf(entry({ patience: 2 })), {
    ...{ loss: 'vocabulary', balanced: false, corrected: false },
    ...{ patience: 2, heldOut: 0.1 },
  });
});
