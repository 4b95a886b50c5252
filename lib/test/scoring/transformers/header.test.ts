import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findModel } from 'small-claims/models/catalogue';
import { identityOf } from 'small-claims/models/identity';
import { projectPaths } from 'small-claims/project/paths';
import { headerChanges } from 'small-claims/records/header';
import { runAvailability } from 'small-claims/scoring/answers';
import { missingModel } from 'small-claims/scoring/missing';
import { runHeader } from 'small-claims/scoring/run';
import { assertRoom } from 'small-claims/scoring/transformers/memory';
import { temporaryFolder } from '../../datasets/fixture.js';
import { environment } from '../openai/means.js';

const here = projectPaths();
const hash = (digit: string) => digit.repeat(64);
const described = { title: 'T', licence: 'none', provider: 'transformers', parameters: '1M' };
const peft = { 'adapter_config.json': hash('1'), 'adapter_model.safetensors': hash('2') };

/** This project with a catalogue of its own, and without the Python that trains. */
function projectOf(entries: Readonly<Record<string, object>>) {
  const root = temporaryFolder('header');
  const paths = {
    ...here,
    modelsFile: join(root, 'models.yaml'),
    modelCache: root,
    trainVenv: join(root, 'none'),
  };
  cpSync(here.modelsFile, paths.modelsFile);
  const added = Object.entries(entries).map(([id, entry]) => `\n${id}: ${JSON.stringify(entry)}\n`);
  writeFileSync(paths.modelsFile, added.join(''), { flag: 'a' });
  return paths;
}

const run = { model: 'p-tuned', prompt: 'true-false-unknown', test: 'healthver/rows/test' } as const;
const tuned = { ...described, base: 'smollm2-135m-instruct', files: peft };

test('the header of a run names engine, floats, device, layout and weights, and needs neither Python nor weights', () => {
  const header = runHeader(run, projectOf({ 'p-tuned': tuned }));
  const { dtype, device, layout, engine } = header;
  assert.deepEqual(
    { dtype, device, layout, engine },
    {
      dtype: 'float32',
      device: 'auto',
      layout: { name: 'shared-prefix', version: 1, batch: 16 },
      engine: { transformers: '5.24.0', torch: '2.13.0', peft: '0.21.2' },
    },
  );
  const changed = (entry: object) =>
    headerChanges(header, runHeader(run, projectOf({ 'p-tuned': { ...tuned, ...entry } }))).map(
      (text) => text.split(':')[0],
    );
  assert.deepEqual(changed({}), []);
  assert.deepEqual(changed({ dtype: 'bfloat16' }), ['dtype']);
  assert.deepEqual(changed({ dtype: 'nf4', device: 'cuda' }), ['device', 'dtype', 'engine.bitsandbytes']);
  assert.deepEqual(changed({ base: 'qwen2.5-coder-0.5b-instruct' }), ['model.weights']);
  assert.deepEqual(changed({ files: { ...peft, 'adapter_model.safetensors': hash('3') } }), ['model.peft']);
  assert.deepEqual(changed({ kind: 'encoder-decoder' }), ['layout.name', 'model.kind']);
});

test('what a model lacks is named: weights, what PEFT tuned, or the Python that asks', (t) => {
  environment(t, { MODELS_DIR: undefined });
  const paths = projectOf({ 'p-tuned': tuned, t5: { ...described, files: { 'config.json': null } } });
  assert.match(missingModel('p-tuned', paths) ?? '', /^the model smollm2-135m-instruct \(make models/);
  writeFileSync(join(paths.modelCache, 'SmolLM2-135M-Instruct.Q4_1.gguf'), '');
  assert.match(missingModel('p-tuned', paths) ?? '', /^the model p-tuned \(make models/);
  mkdirSync(join(paths.modelCache, 'p-tuned'));
  for (const file of Object.keys(peft)) writeFileSync(join(paths.modelCache, 'p-tuned', file), '');
  assert.match(missingModel('p-tuned', paths) ?? '', /^the Python that trains \(make train-python\)/);
  // Nobody has fetched it, so that no record can be of it.
  assert.equal(identityOf(findModel('t5', paths), { ...paths, data: paths.modelCache }), undefined);
  const asked = runAvailability({ ...run, model: 't5' }, { ...paths, data: paths.modelCache });
  assert.match(asked.missing.join(), /^the model t5 \(make models/);
});

test('an entry without weights, and one tuned on what is tuned itself, are refused by their field', () => {
  assert.throws(
    () => findModel('bare', projectOf({ bare: described })),
    /files: must name the files of its weights, or base the model whose weights they are/,
  );
  const paths = projectOf({ 'p-tuned': tuned, twice: { ...described, base: 'p-tuned', files: peft } });
  assert.throws(
    () => runHeader({ ...run, model: 'twice' }, paths),
    /twice\.base: p-tuned has no weights of its own that twice could be tuned on/,
  );
});

test('a model that does not fit into memory is refused before Python is started, with what it takes', () => {
  const folder = temporaryFolder('large');
  const config = {
    dtype: 'float32',
    num_hidden_layers: 10,
    num_attention_heads: 8,
    num_key_value_heads: 2,
    hidden_size: 512,
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'model.safetensors'), new Uint8Array(2 ** 20));
  const memory = (mebibytes: number) => ({ total: mebibytes * 2 ** 20, free: 0 });
  const room = (dtype: 'float32' | 'bfloat16', mebibytes: number) =>
    assertRoom(folder, { title: 'Large', dtype }, 2 ** 18, memory(mebibytes));
  // Keys and values of 262,144 tokens: 2 x 10 layers x 2 heads x 64 x 4 bytes each, 2.5 GiB; in sixteen bits half.
  assert.throws(
    () => room('float32', 2000),
    /Large needs 3\.2 GiB of memory \(0\.0 for its weights, 2\.5 for keys and values, 0\.7 for Python\); there are 2\.0 GiB/,
  );
  assert.doesNotThrow(() => room('bfloat16', 2000));
});
