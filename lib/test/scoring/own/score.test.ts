import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { score } from 'small-claims/scoring/own/score';
import { scratchProject } from '../../pipeline/scratch-project.js';
import { MODEL, modelFile } from '../model.js';
import { fakeEndpoint, json } from '../openai/fake-endpoint.js';
import { environment, said } from '../openai/means.js';
import { refusing } from './refusing.js';
import { tinyFile, tinyLora } from './tiny-file.js';

const evidence = 'In 12 villages, diarrhoea was 40 % less frequent where soap was given.';
const rows = Array.from({ length: 12 }, (_, index) => ({
  id: `c${index}`,
  claim: `Soap prevents ${index} of 100 cases of diarrhoea.`,
  evidence,
}));

/** A project with our tasks, prompts, models and prices, and no adapter. */
function project(t: TestContext): Paths {
  const [here, paths] = [projectPaths(), scratchProject(t)];
  for (const file of ['tasksFile', 'promptsFile', 'modelsFile', 'pricesFile'] as const)
    cpSync(here[file], paths[file]);
  mkdirSync(paths.adapters);
  // Elsewhere a key or an address of the user's may be set.
  environment(t, { OPENAI_API_KEY: 'sk-not-for-others', OPENAI_BASE_URL: undefined, MODELS_DIR: undefined });
  return paths;
}

/** Without what is told meanwhile. */
const quietly = async <T>(work: () => Promise<T>): Promise<T> => (await said(work)).value;

test('an endpoint is asked about each row, and is sent no key that was not named', async (t) => {
  const paths = project(t);
  const { url, got } = await fakeEndpoint(t);
  const asked = { model: url, modelName: 'org/model' };
  const predictions = await quietly(() => score(rows, asked, paths));
  assert.equal(got.length, rows.length);
  assert.ok(got.every(({ authorization }) => !authorization?.includes('sk-not-for-others')));
  assert.deepEqual(
    predictions.map(({ id }) => id),
    rows.map(({ id }) => id),
  );
  for (const { prediction, probabilities = {} } of predictions) {
    const [best] = Object.entries(probabilities).sort(([, a], [, b]) => b - a);
    assert.equal(prediction, best?.[0]);
    assert.ok(Math.abs(Object.values(probabilities).reduce((sum, each) => sum + each, 0) - 1) < 1e-5);
  }
  assert.ok(new Set(predictions.map(({ prediction }) => prediction)).size > 1);
});

test('what was answered before an interruption is kept, and the same again asks for the rest alone', async (t) => {
  const paths = project(t);
  let answered = 0;
  const { url, got } = await fakeEndpoint(t, (_, response) => {
    answered += 1;
    if (answered <= 5) return false;
    if (answered > 12) return false;
    json(response, 401, { error: { message: 'no' } });
    return true;
  });
  environment(t, { SMALL_CLAIMS_CONCURRENCY: '1' });
  const asked = { model: url, modelName: 'org/model', name: 'mine' };
  await quietly(() => refusing(() => score(rows, asked, paths), /5 of 12 rows came and are kept/));
  const before = got.length;
  answered = 12;
  const predictions = await quietly(() => score(rows, asked, paths));
  assert.equal(got.length - before, 7);
  assert.equal(predictions.length, 12);
  const again = await quietly(() => score(rows, asked, paths));
  assert.equal(got.length - before, 7);
  assert.deepEqual(again, predictions);
});

test('what one endpoint answered is not taken for the answers of another', async (t) => {
  const paths = project(t);
  const [one, other] = [await fakeEndpoint(t), await fakeEndpoint(t)];
  for (const { url } of [one, other, one])
    await quietly(() => score(rows, { model: url, modelName: 'm' }, paths));
  assert.deepEqual([one.got.length, other.got.length], [rows.length, rows.length]);
});

test('an endpoint that tells no probabilities is read, and its words are given with the label', async (t) => {
  const paths = project(t);
  const { url } = await fakeEndpoint(t);
  const asked = { model: url, modelName: 'm', logprobs: false };
  const words = { SUPPORT: 'True', CONTRADICT: 'False', NEI: 'Unknown' };
  for (const { prediction, probabilities, written } of await quietly(() => score(rows, asked, paths))) {
    assert.equal(probabilities, undefined);
    assert.equal(written, Object.entries(words).find(([label]) => label === prediction)?.[1]);
  }
});

test('a model of OpenAI’s own is not asked without a price', async (t) => {
  const paths = project(t);
  const asked = { model: 'https://api.openai.com/v1', modelName: 'gpt-without-price' };
  await quietly(() =>
    refusing(() => score(rows, asked, paths), /the price of gpt-without-price is not known/),
  );
});

test('a GGUF file needs no entry: its path is enough, or its name in MODELS_DIR', async (t) => {
  const paths = project(t);
  const file = tinyFile(paths.root);
  const [byPath] = await quietly(() => score(rows.slice(0, 1), { model: file }, paths));
  environment(t, { MODELS_DIR: paths.root });
  const [byName] = await quietly(() => score(rows.slice(0, 1), { model: 'tiny.gguf' }, paths));
  assert.equal(typeof byPath?.prediction, 'string');
  assert.deepEqual(byName, byPath);
});

test('a row is scored alike alone and among others', async (t) => {
  const paths = project(t);
  const model = tinyFile(paths.root);
  const all = await quietly(() => score(rows, { model }, paths));
  const [alone] = await quietly(() => score(rows.slice(7, 8), { model }, paths));
  assert.deepEqual(alone, all[7]);
});

test('an adapter may be a file, and is held to the model’s architecture and tensors', async (t) => {
  const paths = project(t);
  const model = tinyFile(paths.root);
  const few = rows.slice(0, 2);
  const plain = await quietly(() => score(few, { model }, paths));
  const adapter = tinyLora(paths.root, 'llama');
  const adapted = await quietly(() => score(few, { model, adapter }, paths));
  assert.notDeepEqual(adapted, plain);
  const other = tinyLora(paths.root, 'qwen2');
  await quietly(() =>
    refusing(
      () => score(few, { model, adapter: other }, paths),
      /architecture: must be "llama", and is "qwen2"/,
    ),
  );
  await refusing(
    () => score(few, { model: 'http://127.0.0.1:9/v1', modelName: 'm', adapter }, paths),
    /runs here/,
  );
});

test('a prompt may be a file with one entry, and brings its task', async (t) => {
  const paths = project(t);
  const model = tinyFile(paths.root);
  const prompt = join(paths.root, 'mine.yaml');
  const entry = (task: string, fields: string) =>
    `short:\n  task: ${task}\n  instruction: Is it so?\n  fields: ${fields}\n  question: "yes or no?"\n`;
  writeFileSync(prompt, entry('biomedical-question-answering', '{ context: "C:", question: "Q:" }'));
  const questions = [{ question: 'Does soap help?', context: evidence }];
  const [row] = await quietly(() => score(questions, { model, prompt }, paths));
  assert.deepEqual(Object.keys(row?.probabilities ?? {}), ['yes', 'no', 'maybe']);
  await refusing(
    () => score(rows, { model, prompt, task: 'claim-verification' }, paths),
    /asks for biomedical/,
  );
  writeFileSync(prompt, entry('biomedical-question-answring', '{ context: "C:", question: "Q:" }'));
  await refusing(
    () => score(questions, { model, prompt }, paths),
    /mine\.yaml:2: .*biomedical-question-answering/s,
  );
});

test('no text of a row is kept where labels are scored', async (t) => {
  const paths = project(t);
  await quietly(() => score(rows, { model: tinyFile(paths.root), name: 'mine' }, paths));
  const folder = join(paths.build, 'scores');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.\w+$/.test(name),
  );
  assert.ok(files.some((name) => name.includes('mine.true-false-unknown')));
  for (const name of files) assert.doesNotMatch(readFileSync(join(folder, name), 'latin1'), /Soap|villages/);
});

test('a notebook that asks does not depend on what is kept, which the next run may make anew', async (t) => {
  const paths = project(t);
  const out = join(paths.root, 'out');
  mkdirSync(out);
  environment(t, { SMALL_CLAIMS_OUT: out });
  await quietly(() => score(rows, { model: tinyFile(paths.root) }, paths));
  const inputs = readFileSync(join(out, 'inputs.jsonl'), 'utf8');
  assert.match(inputs, /prompts\.yaml/);
  assert.doesNotMatch(inputs, /build\/scores/);
});

test('rows are refused that are none of the task, by their place, id and field', async (t) => {
  const paths = project(t);
  const model = tinyFile(paths.root);
  const asked = { model };
  await refusing(() => score([{ evidence }], asked, paths), /row 1: no claim/);
  await refusing(
    () => score([{ claim: 'x', evidnce: 'y' }], asked, paths),
    /"evidnce" is no field.*"evidence"/s,
  );
  await refusing(
    () => score([{ id: 'a', claim: 'x', gold: 'True' }], asked, paths),
    /row a .*unknown label "True"/,
  );
  await refusing(
    () =>
      score(
        [
          { id: 'a', claim: 'x' },
          { id: 'a', claim: 'y' },
        ],
        asked,
        paths,
      ),
    /given twice/,
  );
});

test('a model, adapter or prompt that there is not is told of with what there is', async (t) => {
  const paths = project(t);
  const model = tinyFile(paths.root);
  await refusing(() => score(rows, { model: 'smollm-135m' }, paths), /nearest is "smollm2-135m-instruct"/);
  await refusing(() => score(rows, { model: './nowhere.gguf' }, paths), /nowhere\.gguf: no such file/);
  await refusing(() => score(rows, { model: 'http://127.0.0.1:9/v1' }, paths), /--model-name/);
  await refusing(() => score(rows, { model, modelName: 'x' }, paths), /--model-name is of an endpoint/);
  await refusing(() => score(rows, { model, adapter: 'mine' }, paths), /there is no adapter "mine"/);
  await refusing(
    () => score(rows, { model, prompt: 'true-fals-unknown' }, paths),
    /nearest is "true-false-unknown"/,
  );
  await refusing(() => score(rows, {}, paths), /no model is named/);
});

test('an adapter of this project brings its model and prompt, and is refused on another', async (t) => {
  if ((await modelFile(t)) === undefined) return;
  const paths = { ...projectPaths(), build: project(t).build };
  const adapter = 'smollm2-135m-healthver-seed1';
  const few = rows.slice(0, 2);
  const brought = await quietly(() => score(few, { adapter }, paths));
  const plain = await quietly(() => score(few, { model: MODEL }, paths));
  assert.deepEqual(
    brought.map(({ id }) => id),
    ['c0', 'c1'],
  );
  assert.notDeepEqual(brought, plain);
  await refusing(
    () => score(few, { adapter, model: 'qwen2.5-coder-0.5b-instruct' }, paths),
    /was made for smollm2/,
  );
});
