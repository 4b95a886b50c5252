import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { BuildName } from 'small-claims/datasets/build-name';
import { releaseAdapter } from 'small-claims/finetuning/release';
import { trainEntry } from 'small-claims/finetuning/study-training';
import { TUNINGS } from 'small-claims/models/training-entry';
import { answersOf } from 'small-claims/scoring/answers';
import { answerRun } from 'small-claims/scoring/generation-run';
import { ScorerPool } from 'small-claims/scoring/scorer-pool';
import { tinyEntry, tinyProject } from './tiny-project.js';

test('each method trains, is released once it scores as it was trained, and answers a test', async (t) => {
  const paths = await tinyProject(t);
  if (!paths) return;
  const pool = new ScorerPool(paths);
  t.after(() => pool.dispose());
  const prompt = 'true-false-unknown';
  for (const method of TUNINGS) {
    const own = tinyEntry(method, 'healthver/rows/train', { loss: 'labels' });
    const done = await trainEntry({ entry: own, seed: 1, prompt }, paths);
    const adapter = await releaseAdapter('tiny', done, paths);
    const through = method === 'lora' || method === 'qlora' ? 'gguf' : 'transformers';
    assert.equal(adapter.provider, through, method);
    const parity = adapter.training?.parity;
    assert.ok(parity && 'plain' in parity);
    assert.equal(parity.plain.sameLabel, 60, method);
    const run = { model: 'tiny', prompt, test: 'healthver/rows/test' as BuildName, adapter: adapter.id };
    const { rows, header } = await answersOf(run, pool, paths);
    assert.equal(rows.length, 60);
    assert.deepEqual(header['adapter'], { id: adapter.id, sha256: adapter.sha256 });
    const kept = join(method === 'full' ? paths.modelCache : paths.adapters, adapter.id, adapter.file);
    assert.ok(existsSync(kept), kept);
    assert.match(readFileSync(join(paths.adapters, adapter.id, 'README.md'), 'utf8'), /## Parity/);
  }
});

test('answers that are written are trained too, and released once they are written alike one by one and in batches', async (t) => {
  const paths = await tinyProject(t);
  if (!paths) return;
  const prompt = 'similarity-0-to-4';
  const own = tinyEntry('full', 'biosses/rows/train', { epochs: 15, learningRate: 0.01 });
  const done = await trainEntry({ entry: own, seed: 1, prompt }, paths);
  const adapter = await releaseAdapter('tiny', done, paths);
  assert.equal(adapter.provider, 'transformers');
  const parity = adapter.training?.parity;
  assert.ok(parity && 'written' in parity && parity.written.changed > 0);
  const run = { model: 'tiny', prompt, test: 'biosses/rows/test' as BuildName, adapter: adapter.id };
  const { rows } = await answerRun(run, {}, paths);
  // It has learnt at least to write a number.
  const numbers = rows.filter(({ answer }) => answer !== null);
  assert.ok(numbers.length > 50, `${numbers.length} of ${rows.length}`);
});
