import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { namesake, otherwise, releasedAdapter } from 'small-claims/finetuning/entry-adapter';
import type { Parity } from 'small-claims/finetuning/parity';
import { type ReleaseSteps, releaseAdapter } from 'small-claims/finetuning/release';
import type { TrainedEntry } from 'small-claims/finetuning/study-training';
import { trainingRows } from 'small-claims/finetuning/training-rows';
import { adapterIds } from 'small-claims/models/adapters';
import { findGguf } from 'small-claims/models/catalogue';
import { gridOf, type TrainingEntry, trainingEntry } from 'small-claims/models/training-entry';
import { sha256 } from 'small-claims/project/digest';
import type { Paths } from 'small-claims/project/paths';
import { trainingPrograms } from 'small-claims/project/python';
import { ScorerPool } from 'small-claims/scoring/scorer-pool';
import { writeCard } from 'small-claims/study/adapter-card';
import { systemsOf } from 'small-claims/study/systems/of-plan';
import { fixtureProject, layOut, temporaryFolder } from '../datasets/fixture.js';

const prompt = 'true-false-unknown';
const tiny = trainingEntry.parse({
  ...{ id: 'tiny', title: 'Tiny', model: 'tiny-model', train: ['healthver/rows/train'] },
  ...{ size: 12, seeds: [1], method: 'qlora' },
});

/** A project with a model, rows and a Python that are no such things. */
function project(): Paths {
  const rows = Array.from(
    { length: 12 },
    (_, index) => `${index},Trial ${index}.,Tea helps.,Supports,1,does it?`,
  );
  const csv = ['id,evidence,claim,label,topic_ip,question', ...rows, ''].join('\n');
  const releases = {
    healthver: { 'healthver_train.csv': Buffer.from(csv), 'healthver_test.csv': Buffer.from(csv) },
  };
  const modelCache = temporaryFolder('models');
  const paths = { ...fixtureProject(releases), modelCache };
  layOut(paths.raw, releases);
  const described = {
    title: 'Tiny',
    provider: 'gguf',
    licence: 'none',
    parameters: '1M',
    quantisation: 'F16',
  };
  const source = { hub: 'nobody/nothing' };
  const model = { ...described, file: 'tiny.gguf', sha256: sha256('weights'), sources: [source] };
  writeFileSync(paths.modelsFile, JSON.stringify({ 'tiny-model': model }));
  writeFileSync(join(modelCache, 'tiny.gguf'), 'weights');
  mkdirSync(paths.trainVenv);
  mkdirSync(dirname(paths.trainRequirements));
  for (const file of [paths.trainRequirements, join(paths.trainVenv, '.installed')])
    writeFileSync(file, 'torch==1.0.0\n');
  return paths;
}

async function done(paths: Paths): Promise<TrainedEntry> {
  const [hyper] = gridOf(tiny);
  assert.ok(hyper);
  const folder = join(paths.training, 'tiny-seed1');
  const made = {
    ...{ fingerprint: sha256('all'), device: 'cpu', versions: {}, done: true },
    ...{ stepsPerEpoch: 1, tokens: 100, seconds: 1 },
    precision: 'float32',
    base: { folder, from: 'gguf', name: 'tiny.gguf' },
  } as const;
  const outcome = { score: 0.9, loss: 0.1, prior: 1, fits: true, learns: true };
  const fit = { rows: 12, measure: 'macro-f1', ...outcome } as const;
  const curve = [{ step: 1, loss: 1, learningRate: 0.1, tokens: 100, seconds: 1 }];
  const trained = { folder, made, epochs: [{ step: 1, folder }], curve, fit };
  return { entry: tiny, seed: 1, prompt, hyper, trained, drawn: await trainingRows(tiny, 1, paths) };
}

const agreed = { rows: 60, sameLabel: 60, largest: 0.001, mean: 0.0001 };
const moved = { rows: 60, sameLabel: 30, largest: 2, mean: 1 };
const loss = { base: 1.2, trained: 0.5, released: 0.55 };
const parity: Parity = { plain: agreed, quantised: agreed, quantisedBase: agreed, effect: moved, loss };

/** As if these had been exported, and compared with this outcome. */
const steps = (outcome: Parity): ReleaseSteps => ({
  plain: async () => ({ folder: 'plain', gguf: 'plain.gguf' }),
  exported: async (_python, _checkpoint, { folder, name }) => {
    mkdirSync(folder, { recursive: true });
    const gguf = join(folder, `${name}.gguf`);
    writeFileSync(gguf, 'adapter');
    writeFileSync(join(folder, 'adapter_model.safetensors'), 'adapter');
    return { folder, gguf };
  },
  compared: async () => outcome,
  comparedAsTrained: async () => outcome,
});

test('an adapter that parity refuses, or that changes nothing, does not come into data/adapters', async () => {
  const paths = project();
  const trained = await done(paths);
  const release = (outcome: Parity) => releaseAdapter('small', trained, paths, steps(outcome));
  await assert.rejects(
    release({ ...parity, plain: moved }),
    /tiny-seed1 is not released: what scores it and PEFT/,
  );
  await assert.rejects(release({ ...parity, loss: { ...loss, released: 0.9 } }), /0\.1 more is allowed/);
  await assert.rejects(release({ ...parity, effect: agreed }), /not released: it moves no label by more/);
  await assert.rejects(release({ ...parity, plain: { ...agreed, rows: 49 } }), /49 rows; 50 are needed/);
  assert.equal(existsSync(paths.adapters), false);
  const adapter = await release(parity);
  assert.deepEqual(adapterIds(paths), ['tiny-seed1']);
  // Another process that waited for it takes what is there.
  assert.deepEqual(await release({ ...parity, plain: moved }), adapter);
  assert.deepEqual(adapter.training?.parity, parity);
  assert.deepEqual(adapter.training?.fit, trained.trained.fit);
});

/** A study that asks nothing. */
const nothing = { runs: [], tests: [], floors: () => [] };

test('a study writes the cards of its own adapters alone', async () => {
  const paths = project();
  const adapter = await releaseAdapter('small', await done(paths), paths, steps(parity));
  const card = join(paths.adapters, 'tiny-seed1', 'README.md');
  const there = readFileSync(card, 'utf8');
  writeFileSync(card, 'with scores');
  assert.equal(await writeCard(adapter, { name: 'full', ...nothing }, paths), undefined);
  assert.equal(readFileSync(card, 'utf8'), 'with scores');
  assert.equal(await writeCard(adapter, { name: 'small', ...nothing }, paths), 0);
  assert.equal(readFileSync(card, 'utf8'), there);
});

test('an adapter that was made otherwise than its entry asks for by now is not the entry’s', async () => {
  const paths = project();
  await releaseAdapter('small', await done(paths), paths, steps(parity));
  const wanted = { entry: tiny, seed: 1, prompt };
  const adapter = namesake(wanted, paths);
  assert.ok(adapter && releasedAdapter(wanted, paths));
  assert.deepEqual(otherwise(adapter, wanted, paths), []);
  const how = (entry: Partial<TrainingEntry>, seed = 1) =>
    otherwise(adapter, { prompt, seed, entry: { ...tiny, ...entry } }, paths);
  assert.deepEqual(how({ rank: [4] }), ['hyper-parameters']);
  assert.deepEqual(how({ rank: [4, 8] }), []);
  assert.deepEqual(how({ warmup: 0 }), ['hyper-parameters']);
  assert.deepEqual(how({ method: 'lora' }), ['method']);
  assert.deepEqual(how({ loss: 'labels' }), ['loss or end']);
  assert.deepEqual(how({ targets: ['q_proj'] }), ['layers adapted']);
  assert.deepEqual(how({ size: 11 }), ['rows']);
  assert.deepEqual(how({ train: ['healthver/rows/train', 'healthver/rows/train'] }), ['rows']);
  assert.deepEqual(how({}, 2), ['seed']);
  const { training, ...handmade } = adapter;
  assert.ok(training);
  const older = { ...adapter, training: { ...training, recipe: 1 } };
  assert.deepEqual(otherwise(older, wanted, paths), ['version of the recipe']);
  const asked = { ...training.prompt, sha256: sha256('another prompt') };
  assert.deepEqual(otherwise({ ...adapter, training: { ...training, prompt: asked } }, wanted, paths), [
    'prompt',
  ]);
  assert.deepEqual(otherwise(handmade, wanted, paths), ['nothing is known of its making']);
  const askedOf = (entry: TrainingEntry) => {
    const datasets = [
      { title: 'T', train: 'healthver/rows/train', test: 'healthver/rows/test', prompt },
    ] as const;
    const systems = systemsOf(
      [findGguf('tiny-model', paths)],
      { datasets, training: [entry] },
      { pool: new ScorerPool(paths), paths },
    );
    return systems.map(({ method, run }) => [method, run !== undefined]);
  };
  assert.deepEqual(askedOf(tiny), [
    ['zero-shot', true],
    ['QLoRA', true],
  ]);
  // In the core table it is not run.
  assert.deepEqual(askedOf({ ...tiny, rank: [4] }), [
    ['zero-shot', true],
    ['QLoRA', false],
  ]);
  // Another file under the model's name.
  const models = JSON.stringify({
    'tiny-model': { ...findGguf('tiny-model', paths), id: undefined, sha256: sha256('other weights') },
  });
  writeFileSync(paths.modelsFile, models);
  assert.deepEqual(otherwise(adapter, wanted, paths), ['model']);
});

test('a Python with other packages than are asked for trains nothing', () => {
  const paths = project();
  assert.ok(trainingPrograms(paths));
  writeFileSync(paths.trainRequirements, 'torch==2.0.0\n');
  assert.throws(
    () => trainingPrograms(paths),
    /other packages than requirements\/train\.txt asks for[\s\S]*make train-python/,
  );
});
