import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findGguf } from 'small-claims/models/catalogue';
import { knownWeights, locateWeights, pinWeights } from 'small-claims/models/compute';
import { pinModel } from 'small-claims/models/pin';
import { sha256, sha256File } from 'small-claims/project/digest';
import { projectPaths } from 'small-claims/project/paths';
import { ggufProvider } from 'small-claims/scoring/llama/provider';
import { missingModel } from 'small-claims/scoring/missing';
import { z } from 'zod';
import { temporaryFolder } from '../datasets/fixture.js';
import { expected } from '../reference/expected.js';
import { environment, said } from '../scoring/openai/means.js';

const { file } = expected(
  'gguf_weights',
  z.object({
    file: z.object({ bytes: z.base64().transform((text) => Buffer.from(text, 'base64')) }),
  }),
);
const original = sha256(file.bytes);

/** A project with one model, a made-up file of three tensors, and what its entry says of computing. */
function project(t: TestContext, compute?: string) {
  const root = temporaryFolder('compute');
  const [cache, models] = [join(root, 'cache'), join(root, 'models')];
  environment(t, { SMALL_CLAIMS_CACHE: cache, MODELS_DIR: models });
  const paths = projectPaths(root);
  for (const folder of [paths.data, models, dirname(paths.modelsFile)])
    mkdirSync(folder, { recursive: true });
  writeFileSync(join(models, 'small.gguf'), file.bytes);
  writeFileSync(
    paths.modelsFile,
    [
      'small:',
      '  title: Small',
      '  provider: gguf',
      '  parameters: 1M',
      '  quantisation: Q4_1',
      '  licence: MIT',
      '  file: small.gguf',
      `  sha256: ${original}`,
      '  sources: [{ hub: nobody/nothing }]',
      ...(compute === undefined ? [] : [`  compute: ${compute}`]),
      '',
    ].join('\n'),
  );
  return { paths, model: findGguf('small', paths) };
}

test('a model whose entry asks for its file as it is has the header of one whose file has always been computed', async (t) => {
  const { paths, model } = project(t, 'as-is');
  assert.deepEqual(ggufProvider(model, paths).header.model, { id: 'small', sha256: original });
  const weights = await locateWeights(await pinModel(model, paths), paths);
  assert.equal(weights.sha256, original);
  assert.ok(!existsSync(paths.modelCache));
});

test('a model is turned into its format once, and its header says both hashes', async (t) => {
  const { paths, model } = project(t, 'f32');
  assert.equal(knownWeights(model, paths), undefined);
  assert.throws(() => ggufProvider(model, paths).header, /nobody has downloaded Small yet/);
  await said(() => pinWeights(model, paths));
  const known = knownWeights(model, paths);
  const turned = join(paths.modelCache, `${original.slice(0, 12)}.f32.gguf`);
  assert.deepEqual(known, {
    sha256: original,
    compute: { format: 'f32', sha256: await sha256File(turned), cache: 'F32' },
  });
  assert.deepEqual(ggufProvider(model, paths).header.model, { id: 'small', ...known });
  // The file itself is not needed any more.
  assert.equal(missingModel('small', paths), undefined);
  rmSync(join(dirname(paths.data), 'models'), { recursive: true });
  assert.equal(missingModel('small', paths), undefined);
  assert.equal((await locateWeights(await pinModel(model, paths), paths)).path, turned);
  rmSync(turned);
  assert.match(missingModel('small', paths) ?? '', /the model small/);
  writeFileSync(turned, '');
  assert.deepEqual(readdirSync(paths.modelCache), [`${original.slice(0, 12)}.f32.gguf`]);
});

test('a turned file that is damaged is made anew, one with another hash than it had is refused', async (t) => {
  const { paths, model } = project(t, 'bf16');
  await said(() => pinWeights(model, paths));
  const pinned = await pinModel(model, paths);
  const { path, sha256: right } = await locateWeights(pinned, paths);
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, 50));
  assert.equal((await locateWeights(pinned, paths)).sha256, right);
  assert.deepEqual(readFileSync(path), whole);
  const other = { ...pinned, compute: { format: 'bf16', sha256: sha256('other weights') } } as const;
  await assert.rejects(locateWeights(other, paths), /Small as bf16: sha256 is [0-9a-f]{64}, expected/);
});

test('processes that want a format at once are given the same file', async (t) => {
  const { paths, model } = project(t, 'q8_0');
  const pinned = await pinModel(model, paths);
  const { value } = await said(() => Promise.all([1, 2, 3].map(() => locateWeights(pinned, paths))));
  assert.equal(new Set(value.map((found) => found.sha256)).size, 1);
  assert.deepEqual(readdirSync(paths.modelCache), [`${original.slice(0, 12)}.q8_0.gguf`]);
});

test('an entry names a format that there is, with its hash if it is known', (t) => {
  const hash = sha256('turned');
  const { paths, model } = project(t, `{ format: f16, sha256: ${hash} }`);
  assert.deepEqual(knownWeights(model, paths), {
    sha256: original,
    compute: { format: 'f16', sha256: hash, cache: 'F16' },
  });
  assert.throws(() => project(t, 'f64'), /compute/);
});
