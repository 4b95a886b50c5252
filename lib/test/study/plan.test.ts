import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { recordedFacts } from 'small-claims/datasets/facts';
import { parameterCount } from 'small-claims/finetuning/estimate';
import { findModel } from 'small-claims/models/catalogue';
import { readPrices } from 'small-claims/models/prices';
import { trainingEntry } from 'small-claims/models/training-entry';
import { projectPaths } from 'small-claims/project/paths';
import {
  adapterCost,
  encoderCost,
  H100,
  lineThrough,
  scoringCost,
  weightBytes,
} from 'small-claims/study/plan/estimate';
import { planSteps } from 'small-claims/study/plan/steps';
import { planText } from 'small-claims/study/plan/text';
import { buildSizes } from 'small-claims/study/plan/tokens';
import { openStudy } from 'small-claims/study/study';
import { temporaryFolder } from '../datasets/fixture.js';
import { environment } from '../scoring/openai/means.js';

const paths = projectPaths();

test('weights are weighed by their quantisation', () => {
  // The files of Qwen2.5-Coder-1.5B-Instruct (1.54 billion parameters) and SmolLM2-135M-Instruct, to a fifth.
  assert.ok(Math.abs(weightBytes(1.54e9, 'Q4_K_M') / 1_117_320_768 - 1) < 0.2);
  assert.ok(Math.abs(weightBytes(134.5e6, 'Q4_1') / 98_362_432 - 1) < 0.2);
});

test('an adapter costs what its training is expected to, for every trial and seed, and a GPU saves most of it', () => {
  const entry = trainingEntry.parse({
    ...{ id: 'one', title: 'one', model: 'any', train: ['scifact/rationales/train'], size: 1000 },
    ...{ seeds: [1, 2], method: 'lora', epochs: 3 },
  });
  const rows = [{ count: 1000, tokens: 100 }];
  const one = adapterCost(entry, '7B', rows);
  // 1,001 times 100 tokens, three epochs, two seeds, six operations a parameter at 0.4 of 989 teraflops.
  const wanted = (100_100 * 3 * 2 * 6 * 7e9) / (0.4 * 989e12) / 3600;
  assert.ok(Math.abs(one.gpuHours / wanted - 1) < 1e-9, `${one.gpuHours}, not ${wanted}`);
  assert.ok(one.cpuHours > 500 * one.gpuHours);
  // Four trials on the rows that none is judged on, once; and the chosen one on all rows with each of two seeds.
  const grid = adapterCost({ ...entry, rank: [8, 16], learningRate: [0.0001, 0.0002] }, '7B', rows);
  assert.ok(Math.abs(grid.gpuHours / (((4 * 0.9 + 2) / 2) * one.gpuHours) - 1) < 1e-9);
  const qlora = adapterCost({ ...entry, method: 'qlora' }, '7B', rows);
  // 4-bit weights save memory and cost time.
  assert.ok(qlora.gpuHours > one.gpuHours && qlora.memoryBytes < one.memoryBytes);
});

test('an encoder costs six operations a parameter and token, for every seed', () => {
  const cost = encoderCost({ parameters: 110e6, tokens: 1e6, batchTokens: 2000, seeds: 5 });
  assert.equal(cost.gpuHours, (6 * 110e6 * 1e6 * 5) / (0.3 * H100.float32) / 3600);
  assert.ok(cost.memoryBytes > 16 * 110e6 && cost.memoryBytes < 8e9);
});

test('a line goes through points as numpy.polyfit lays it', () => {
  // numpy.polyfit([1, 2, 4, 8], [3, 4, 9, 15], 1)
  const { base, slope } = lineThrough([
    [1, 3],
    [2, 4],
    [4, 9],
    [8, 15],
  ]);
  assert.ok(Math.abs(slope - 1.7652173913043478) < 1e-12 && Math.abs(base - 1.1304347826086956) < 1e-12);
  assert.deepEqual(lineThrough([[2, 5]]), { base: 5, slope: 0 });
});

// Of the records committed on 2026-11-23: hours on two cores of an AMD EPYC.
const TOOK = {
  'smollm2-135m-instruct': { 'scifact/rationales/dev': 0.105, 'healthver/rows/test': 0.199 },
  'qwen2.5-coder-0.5b-instruct': { 'scifact/rationales/dev': 0.127, 'healthver/rows/test': 0.286 },
  'qwen2.5-coder-1.5b-instruct': { 'scifact/rationales/dev': 0.248, 'healthver/rows/test': 0.595 },
} as const;

test('what scoring on two cores is estimated to take is near what the committed records took', async () => {
  const sizeOf = await buildSizes(paths);
  for (const [id, sets] of Object.entries(TOOK)) {
    const model = findModel(id);
    assert.ok(model.provider === 'gguf');
    for (const test of ['scifact/rationales/dev', 'healthver/rows/test'] as const) {
      const { rows = 0, promptTokens } = sizeOf(test);
      const { cpuHours } = scoringCost(parameterCount(model), model.quantisation, rows * promptTokens);
      const ratio = cpuHours / sets[test];
      assert.ok(ratio > 1 / 4 && ratio < 4, `${id} on ${test}: ${cpuHours} h`);
    }
  }
});

test('the rows of a build are counted, and a build nobody has read is taken to be like its sibling', async () => {
  // As if nobody had HealthVer's training file, whatever has been recorded by now.
  const records = temporaryFolder('records');
  const filter = (from: string) => !from.includes('healthver-rows-train');
  for (const kind of ['facts', 'runs'])
    cpSync(join(paths.records, kind), join(records, kind), { recursive: true, filter });
  const sizeOf = await buildSizes({ ...paths, records });
  const own = sizeOf('scifact/rationales/dev');
  assert.deepEqual([own.rows, own.like], [recordedFacts('scifact/rationales/dev')?.rows.length, undefined]);
  const other = sizeOf('healthver/rows/train');
  assert.deepEqual([other.rows, other.like], [undefined, 'healthver/rows/dev']);
  assert.ok(other.promptTokens > 100 && other.promptTokens < 250);
});

test('the full study is planned to its end where nothing is at hand, and says what is missing', async (t) => {
  const bare = { ...paths, records: temporaryFolder('no-records'), adapters: temporaryFolder('no-adapters') };
  const study = openStudy('full', bare);
  const here = { gpu: undefined, memoryBytes: 8e9, diskBytes: 1e9, trainer: false, hosts: new Set<string>() };
  const prices = readPrices();
  const sizeOf = await buildSizes(paths);
  environment(t, { OPENAI_API_KEY: undefined });
  const steps = await planSteps({
    study,
    here,
    sizeOf,
    prices,
    notebooks: [{ name: '02-in-domain', wanted: [] }],
    paths: bare,
  });
  assert.deepEqual(
    [...new Set(steps.map(({ command }) => command))],
    ['make data', 'make models', 'make adapters', 'make records', 'make notebooks', 'make paper'],
  );
  const named = (text: string) => steps.filter(({ name }) => name.includes(text));
  // Every training entry, and every system on every test set.
  for (const { id } of study.plan.training ?? []) assert.ok(named(`${id}:`).length > 0, id);
  for (const { title } of study.tests) assert.ok(named(`GPT-5, zero-shot on ${title}`).length > 0, title);
  const [mistral] = named('mistral-7b-scifact: qlora');
  assert.ok(mistral?.gpuHours !== undefined && mistral.gpuHours > 0.05 && mistral.gpuHours < 5);
  assert.deepEqual(mistral.missing.slice(0, 2), ['.venv-train (make train-python)', 'a GPU']);
  const [gpt4o] = named('GPT-4o, zero-shot on SciFact');
  // 450 rows of some 130 tokens and one of answer, at the price of a million of each.
  const price = prices.tokens['gpt-4o-2024-08-06'];
  const prompt = 450 * sizeOf('scifact/rationales/dev').promptTokens;
  assert.ok(
    price && Math.abs((gpt4o?.dollars ?? 0) - (prompt * price.input + 450 * price.output) / 1e6) < 1e-9,
  );
  assert.deepEqual(gpt4o?.missing, ['OPENAI_API_KEY']);
  // 7.25 billion weights of four bytes do not fit into 8 GB, whatever trained them.
  const [exported] = named('mistral-7b-scifact: export');
  assert.match(exported?.missing.join() ?? '', /^3\d\.\d GB of memory$/);
  const small = { ...here, gpu: { name: 'a small one', memoryBytes: 6e9 } };
  const [tight] = (
    await planSteps({ study, here: small, sizeOf, prices, notebooks: [], paths: bare })
  ).filter(({ name }) => name.startsWith('mistral-7b-scifact: qlora'));
  assert.match(tight?.missing.join() ?? '', /a GPU with [\d.]+ GB/);
  // What two cores can do is not kept from them by a GPU that is too small for it.
  const tiny = { ...here, gpu: { name: 'a tiny one', memoryBytes: 1e9 } };
  const inputs = { study: openStudy('small', bare), sizeOf, prices, notebooks: [], paths: bare };
  const scored = (await planSteps({ ...inputs, here: tiny })).find(({ name }) =>
    name.startsWith('SmolLM2-135M-Instruct, zero-shot'),
  );
  assert.ok(scored && !scored.missing.some((what) => what.includes('GPU')), scored?.missing.join());
  const text = planText(study, steps, here, prices);
  assert.match(
    text,
    /In all, of what is not done:\n {2}GPU hours: [\d.]+; rented, \$.*; on two cores: [\d.]+\n/,
  );
  assert.match(
    text,
    /Missing here:\n[\s\S]*a GPU[\s\S]*OPENAI_API_KEY[\s\S]* GB more of disk\n[\s\S]*The estimates rest on:/,
  );
});
