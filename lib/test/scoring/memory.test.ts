import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { UserError } from 'small-claims/project/error';
import { assertFits, contextBytes, memoryHere, OVERHEAD_BYTES } from 'small-claims/scoring/llama/memory';
import { openLlamaScorer } from 'small-claims/scoring/llama/scorer';
import { temporaryFolder } from '../datasets/fixture.js';
import { modelFile } from './model.js';
import { said } from './openai/means.js';

const GIB = 2 ** 30;

test('a model that will not fit into memory with its context is refused, with what it needs and what there is', () => {
  const file = join(temporaryFolder('memory'), 'model.gguf');
  writeFileSync(file, '');
  // Sparse: it takes no room on the disk.
  truncateSync(file, 4 * GIB);
  const adapter = join(temporaryFolder('memory'), 'adapter.gguf');
  writeFileSync(adapter, '');
  truncateSync(adapter, GIB);
  const enough = 5 * GIB + OVERHEAD_BYTES;
  assertFits([file], GIB, { total: enough, free: enough });
  assert.throws(() => assertFits([file, adapter], GIB, { total: enough, free: enough }), UserError);
  assert.throws(
    () => assertFits([file], GIB, { total: 5 * GIB, free: 5 * GIB }),
    (error) => {
      assert.ok(error instanceof UserError);
      assert.match(
        error.message,
        /model\.gguf: the model needs 5\.3 GiB of memory \(4\.0 for its weights, 1\.0 for its context, 0\.3 for the program\); there are 5\.0 GiB/,
      );
      return true;
    },
  );
});

test('of a model that fits the machine but not what is free of it, a warning is written', async () => {
  const file = join(temporaryFolder('memory'), 'model.gguf');
  writeFileSync(file, '');
  const memory = { total: 8 * GIB, free: GIB };
  const { text } = await said(async () => assertFits([file], GIB, memory));
  assert.match(text, /model\.gguf: the model needs 1\.3 GiB[^;]*; only 1\.0 of 8\.0 GiB are free/);
  const quiet = await said(async () => assertFits([file], GIB, { ...memory, free: 2 * GIB }));
  assert.equal(quiet.text, '');
  const here = memoryHere();
  assert.ok(here.free > 0 && here.free <= here.total && here.total <= totalmem());
});

/** What a GPU holds, llama.cpp’s binding checks. */
async function onCpu(t: TestContext): Promise<boolean> {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const llama = await getLlama({ build: 'never', logLevel: LlamaLogLevel.error });
  const { gpu } = llama;
  await llama.dispose();
  if (gpu !== false) t.skip(`models are loaded onto ${gpu} here`);
  return gpu === false;
}

// SmolLM2: keys and values of 30 layers with 3 heads of 64 numbers, two bytes each.
const TOKEN_BYTES = 2 * 30 * 3 * 64 * 2;

test('a model whose context is larger than the machine is refused before it is loaded', async (t) => {
  const path = await modelFile(t);
  if (path === undefined) return;
  if (!(await onCpu(t))) return;
  const contextSize = Math.ceil(totalmem() / TOKEN_BYTES);
  await assert.rejects(openLlamaScorer(path, { contextSize }), (error) => {
    assert.ok(error instanceof UserError);
    const [, context] = /0\.1 for its weights, (\d+\.\d) for its context/.exec(error.message) ?? [];
    assert.ok(Number(context) + 0.1 >= totalmem() / GIB, error.message);
    return true;
  });
});

test('a context takes at least its tokens’ keys and values, more with more sequences or bits', async (t) => {
  const path = await modelFile(t);
  if (path === undefined) return;
  const { getLlama, GgufInsights, LlamaLogLevel, readGgufFileInfo } = await import('node-llama-cpp');
  const llama = await getLlama({ build: 'never', gpu: false, logLevel: LlamaLogLevel.error });
  const model = await GgufInsights.from(await readGgufFileInfo(path), llama);
  const bytes = (contextSize: number, sequences = 1, cache?: 'F32') =>
    contextBytes(model, { contextSize, batchSize: 512, sequences, cache });
  const keysAndValues = 2048 * TOKEN_BYTES;
  const [short, long, several] = [await bytes(2048), await bytes(4096), await bytes(2048, 4)];
  assert.ok(short >= keysAndValues && short < 10 * keysAndValues, `${short}`);
  assert.ok(long - short >= keysAndValues, `${long} against ${short}`);
  assert.ok(several - short >= 3 * keysAndValues, `${several} against ${short}`);
  const double = await bytes(2048, 1, 'F32');
  assert.ok(double - short >= keysAndValues, `${double} against ${short}`);
  await llama.dispose();
});

const SCORE = fileURLToPath(new URL('./peak-fixture.js', import.meta.url));

test('a process that scores takes at most the model’s file, its context and 300 MB', {
  skip: process.platform === 'linux' ? false : 'only Linux tells a process’s peak of memory',
}, async (t) => {
  const path = await modelFile(t);
  if (path === undefined) return;
  if (!(await onCpu(t))) return;
  const { stdout } = await promisify(execFile)(process.execPath, [SCORE, path]);
  const { rows, peak, context } = JSON.parse(stdout);
  const file = statSync(path).size;
  t.diagnostic(
    `peak ${mib(peak)} MiB: file ${mib(file)}, context ${mib(context)}, rest ${mib(peak - file - context)}`,
  );
  assert.equal(rows, 18);
  assert.ok(peak > file / 2, 'the model was in memory');
  assert.ok(peak <= file + context + OVERHEAD_BYTES, `${mib(peak)} MiB`);
});

const mib = (bytes: number) => Math.round(bytes / 2 ** 20);
