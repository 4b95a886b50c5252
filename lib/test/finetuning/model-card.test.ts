import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelCard } from 'small-claims/finetuning/model-card';
import type { Adapter } from 'small-claims/models/adapters';
import { findGguf } from 'small-claims/models/catalogue';
import { sha256 } from 'small-claims/project/digest';

const agreement = { rows: 60, sameLabel: 60, largest: 0.001, mean: 0.0001 };
const adapter: Adapter = {
  ...{ id: 'tiny-seed1', title: 'Tiny, seed 1', model: 'smollm2-135m-instruct' },
  ...{ provider: 'gguf', file: 'tiny-seed1.gguf', sha256: sha256('gguf') },
  training: {
    ...{ study: 'small', entry: 'tiny', seed: 1, fingerprint: sha256('all'), recipe: 1 },
    ...{ method: 'qlora', targets: 'all-linear', warmup: 0.1 },
    hyper: { rank: 8, alpha: 16, dropout: 0, epochs: 3, learningRate: 0.0005, batch: 16 },
    prompt: { template: 'true-false-unknown', sha256: sha256('prompt') },
    rows: [
      { build: 'healthver/rows/dev', buildSha256: sha256('build'), rows: 1008, idsSha256: sha256('ids') },
    ],
    modelSha256: sha256('model'),
    base: { from: 'gguf', name: 'SmolLM2-135M-Instruct.Q4_1.gguf' },
    ...{ device: 'cpu', versions: { trl: '1.14.2' }, seconds: 600, tokens: 144_000, losses: [1.2, 0.6, 0.4] },
    parity: {
      plain: agreement,
      quantised: agreement,
      quantisedBase: agreement,
      effect: agreement,
      loss: { base: 1.2, trained: 0.5, released: 0.55 },
    },
    files: { 'adapter_model.safetensors': sha256('peft') },
  },
};

test('a card tells whether the adapter fits its rows, where that is known', () => {
  const { training } = adapter;
  assert.ok(training);
  const model = findGguf('smollm2-135m-instruct');
  assert.doesNotMatch(modelCard(adapter, model), /fits its/);
  const fit = { rows: 1008, measure: 'macro-f1', score: 0.9666, loss: 0.0881, prior: 1.0211 } as const;
  const options = { loss: 'labels', balanced: true, corrected: false } as const;
  const told = {
    ...training,
    options,
    precision: 'bfloat16',
    fit: { ...fit, fits: true, learns: true },
  } as const;
  const card = modelCard({ ...adapter, training: told }, model);
  assert.match(
    card,
    /in bfloat16; as many rows of each label an update; it fits its 1008 training rows \(macro-F1 96\.7/,
  );
  assert.match(card, /nats a row, among the words of the labels/);
});

test('a card tells data with their licence, base, hyper-parameters, scores and hashes', () => {
  const model = findGguf('smollm2-135m-instruct');
  const unscored = modelCard(adapter, model);
  assert.match(unscored, /Not scored yet/);
  const card = modelCard(adapter, model, [
    {
      test: 'healthver/rows/test',
      rows: 1823,
      scores: { 'macro-F1': '50.0', 'F1 NEI': '25.0', 'best floor, macro-F1': '12.5 (Emptiness)' },
    },
  ]);
  for (const part of [
    'base_model: HuggingFaceTB/SmolLM2-135M-Instruct',
    'license: apache-2.0',
    'none stated, so its text may not be redistributed',
    'rank 8, alpha 16, dropout 0, on all-linear',
    '| test set | rows | macro-F1 | F1 NEI | best floor, macro-F1 |',
    '| `healthver/rows/test` | 1823 | 50.0 | 25.0 | 12.5 (Emptiness) |',
    'whether a piece of evidence supports a biomedical claim',
    '(True: SUPPORT, False: CONTRADICT, Unknown: NEI)',
    'Evidence: ...\nClaim: ...\nAnswer with one word: True, False or Unknown.',
    sha256('peft'),
    sha256('gguf'),
    sha256('ids'),
  ]) {
    assert.ok(card.includes(part), part);
  }
});
