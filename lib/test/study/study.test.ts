import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { UserError } from 'small-claims/project/error';
import { projectPaths } from 'small-claims/project/paths';
import { headerChanges } from 'small-claims/records/header';
import { openRecords } from 'small-claims/records/store';
import { batched } from 'small-claims/scoring/llama/layout';
import { llamaCppRelease } from 'small-claims/scoring/llama/release';
import { runHeader, runName } from 'small-claims/scoring/run';
import { openStudy } from 'small-claims/study/study';

/** This project's catalogues, with a study of one's own. */
function project(t: TestContext, study: string) {
  const root = mkdtempSync(join(tmpdir(), 'study-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const [here, paths] = [projectPaths(), projectPaths(root)];
  mkdirSync(paths.studies, { recursive: true });
  for (const name of ['datasets.yaml', 'models.yaml', 'prompts.yaml', 'tasks.yaml'])
    cpSync(join(here.data, name), join(paths.data, name));
  writeFileSync(join(paths.studies, 'own.yaml'), study);
  return paths;
}

/** The small study without what is trained or shown, and without further test rows. */
const small = readFileSync(join(projectPaths().studies, 'small.yaml'), 'utf8')
  .replace(/^shots:\n(?: {2}.*\n)+/m, '')
  .replace(/^training:[\s\S]*?(?=^split:)/m, '')
  .replace(/^ {4}also:\n(?: {6}.*\n)+/m, '');

test('the small study asks three models about three test sets, a model at a time', () => {
  const runs = openStudy('small').runs.filter(({ adapter, shots }) => !adapter && !shots);
  assert.deepEqual(
    runs.map(({ model, test }) => `${model.slice(0, 5)} ${test}`),
    ['smoll', 'qwen2', 'qwen2'].flatMap((model) => [
      `${model} scifact/rationales/dev`,
      `${model} scifact/nei-random/dev`,
      `${model} healthver/rows/test`,
    ]),
  );
});

test('a study may try everything on further rows, and show solved examples of the training rows', (t) => {
  const also =
    '    also: [{ title: "SciFact, NEI rebuilt", test: scifact/nei-random/dev }]\n  - title: HealthVer';
  const study = (text: string) => openStudy('own', project(t, text));
  const { runs, apiRuns, tests, systems } = study(
    small
      .replace('  - title: HealthVer', also)
      .replace('split:', 'shots: { count: 8, seed: 1 }\nsplit:')
      .replace('models:', 'models:\n  - gpt-4o'),
  );
  assert.deepEqual(
    tests.map(({ title, train }) => [title, train]),
    [
      ['SciFact', 'scifact/rationales/train'],
      ['SciFact, NEI rebuilt', 'scifact/rationales/train'],
      ['HealthVer', 'healthver/rows/dev'],
    ],
  );
  assert.deepEqual(
    systems.slice(0, 3).map(({ model, method, seed }) => [model.id, method, seed]),
    [
      ['gpt-4o', 'zero-shot', undefined],
      ['smollm2-135m-instruct', 'zero-shot', undefined],
      ['smollm2-135m-instruct', '8-shot', 1],
    ],
  );
  assert.deepEqual(
    runs.slice(2, 5).map(({ test, shots }) => [test, shots]),
    [
      ['healthver/rows/test', undefined],
      ['scifact/rationales/dev', { count: 8, seed: 1, from: 'scifact/rationales/train' }],
      ['scifact/nei-random/dev', { count: 8, seed: 1, from: 'scifact/rationales/train' }],
    ],
  );
  assert.equal(new Set(runs.map(runName)).size, 3 * 2 * 3);
  // What costs money is asked zero-shot alone.
  assert.deepEqual(
    apiRuns.map(({ shots }) => shots),
    [undefined, undefined, undefined],
  );
  assert.throws(
    () => study(small.replace('  - title: HealthVer', also.replace('"SciFact, NEI rebuilt"', 'SciFact'))),
    /two test sets have the same title/,
  );
  assert.throws(() => study(`${small}shots: { count: 80 }\n`), /own\.yaml:\d+: shots\.count/);
  const some = study(`${small}shots: { count: 8, seed: 1, models: [qwen2.5-coder-0.5b-instruct] }\n`);
  assert.deepEqual(
    some.systems.filter(({ method }) => method === '8-shot').map(({ model }) => model.id),
    ['qwen2.5-coder-0.5b-instruct'],
  );
});

test('a study says what is trained, and each seed of it is a system', (t) => {
  const encoder = `training:
  - id: minilm-both
    title: MiniLM on both
    model: all-minilm-l6-v2
    train: [scifact/rationales/train, healthver/rows/dev]
    size: 1008
    seeds: [1, 2]
    method: encoder
`;
  const { systems, runs } = openStudy('own', project(t, small + encoder));
  assert.deepEqual(
    systems.slice(-2).map(({ model, method, trainedOn, seed }) => [model.id, method, trainedOn, seed]),
    [1, 2].map((seed) => ['all-minilm-l6-v2', 'fine-tuned encoder', 'SciFact + HealthVer', seed]),
  );
  assert.ok(runs.every(({ model }) => model !== 'all-minilm-l6-v2'));
  const flawed = (from: string, to: string) => () =>
    openStudy('own', project(t, small + encoder.replace(from, to)));
  assert.throws(flawed('size: 1008', 'size: 1008\n    rank: 8'), /own\.yaml:\d+: .*unknown key "rank"/);
  assert.throws(flawed('all-minilm-l6-v2', 'all-minilm'), /the nearest is "all-minilm-l6-v2"/);
  assert.throws(flawed('healthver/rows/dev', 'healthver/row/dev'), /the nearest is "healthver\/rows\/dev"/);
  // Of a method that makes adapters, one that has not been made has not been run.
  const qlora = encoder
    .replace('method: encoder', 'method: qlora')
    .replace('all-minilm-l6-v2', 'smollm2-135m-instruct');
  const [trained] = openStudy('own', project(t, small + qlora)).systems.filter(
    ({ method }) => method === 'QLoRA',
  );
  assert.ok(trained?.trainedOn === 'SciFact + HealthVer' && trained.run === undefined);
});

test('a sample is of the rows it is drawn from: what is trained on these is named, asked and held to floors so', (t) => {
  const { systems, tests, floors, promptOf } = openStudy(
    'own',
    project(
      t,
      `title: own
models: [smollm2-135m-instruct]
datasets:
  - { title: SciFact, train: scifact/rationales/train, test: scifact/rationales/dev }
  - { title: PubMedQA, train: pubmedqa/sample/train, test: pubmedqa/sample/test }
training:
  - { id: minilm, title: MiniLM, model: all-minilm-l6-v2, train: [pubmedqa/rows/train], size: 300, seeds: [1], method: encoder }
`,
    ),
  );
  const trained = systems.find(({ method }) => method === 'fine-tuned encoder');
  assert.equal(trained?.trainedOn, 'PubMedQA');
  const [claims, questions] = tests;
  assert.ok(claims && questions);
  assert.equal(promptOf({ train: ['pubmedqa/rows/train'] }), questions.prompt);
  assert.notEqual(questions.prompt, claims.prompt);
  const poolsOf = (set: typeof claims) => floors(set).map((floor) => floor.records(set)[0]?.name);
  assert.ok(poolsOf(questions).includes('facts/pubmedqa-rows-train'), String(poolsOf(questions)));
  assert.ok(poolsOf(claims).includes('facts/scifact-rationales-train'));
});

test('what has a record is replayed; what has none has not been run, whatever could be made here', async (t) => {
  const committed = openStudy('small');
  const [asItIs] = committed.systems;
  const [set] = committed.tests;
  assert.ok(asItIs && set);
  assert.equal((await committed.answered(asItIs, set))?.origin, 'replayed');
  const full = openStudy('full');
  for (const system of full.systems.filter(({ model }) => model.provider !== 'gguf')) {
    assert.equal(await full.answered(system, set), undefined, system.model.id);
  }
  assert.equal(await openStudy('own', project(t, small)).answered(asItIs, set), undefined);
});

test('the full study needs no code: its models and builds are all known', () => {
  const { models, plan } = openStudy('full');
  assert.equal(models.length, plan.models.length);
  assert.equal(plan.datasets[1]?.train, 'healthver/rows/train');
});

test('a mistake in a study names file, line and nearest name', (t) => {
  assert.throws(
    () => openStudy('own', project(t, small.replace('prompt:', 'promt:'))),
    /own\.yaml:\d+: .*unknown key "promt"[\s\S]*"prompt"/,
  );
  assert.throws(
    () => openStudy('own', project(t, small.replace('healthver/rows/test', 'healthver/row/test'))),
    /nearest is "healthver\/rows\/test"/,
  );
  assert.throws(
    () => openStudy('own', project(t, small.replace('0.95', '95'))),
    /own\.yaml:\d+: bootstrap\.level/,
  );
  assert.throws(
    () => openStudy('own', project(t, small.replace('smollm2-135m', 'smolm2-135m'))),
    /own\.yaml:4: models\[0\]: no such model in data\/models\.yaml; the nearest is "smollm2-135m-instruct"/,
  );
  assert.throws(
    () => openStudy('own', project(t, small.replace('prompt: true-false-unknown', 'prompt: true-false'))),
    /own\.yaml:\d+: prompt: no such prompt in data\/prompts\.yaml; the nearest is "true-false-unknown"/,
  );
  assert.throws(
    () => openStudy('own', project(t, small.replace('[1, 2, 3', '[1, 1, 3'))),
    /split\.seeds: holds 1 twice/,
  );
  assert.throws(
    () => openStudy('own', project(t, small.replace('smollm2-135m-instruct', 'xyzzy'))),
    /no such model in data\/models\.yaml; known: smollm2-135m-instruct, .*gpt-5/,
  );
  assert.throws(() => openStudy('../small'), /there is no study "..\/small"[\s\S]*full, .*small/);
  assert.throws(() => openStudy('none'), /there is no study "none"/);
});

test('a run’s header is known without data, model or network, and changes with what its scores depend on', async () => {
  const run = {
    model: 'smollm2-135m-instruct',
    prompt: 'true-false-unknown',
    test: 'scifact/rationales/dev',
  } as const;
  const header = await runHeader(run);
  const changes = async (other: Parameters<typeof runHeader>[0]) =>
    headerChanges(header, await runHeader(other)).map((text) => text.split(':')[0]);
  assert.deepEqual(await changes(run), []);
  assert.deepEqual(await changes({ ...run, model: 'qwen2.5-coder-0.5b-instruct' }), [
    'model.id',
    'model.sha256',
  ]);
  assert.deepEqual(await changes({ ...run, test: 'scifact/rationales/train' }), ['build.build']);
  assert.deepEqual(await changes({ ...run, layout: batched(8) }), [
    'layout.batch',
    'layout.name',
    'layout.sequences',
  ]);
  assert.deepEqual(
    await changes({ ...run, shots: { count: 8, from: 'scifact/rationales/train', seed: 1 } }),
    ['shots'],
  );
});

test('every zero-shot run of a data set’s own test has the header of its committed record', async () => {
  const { runs, plan } = openStudy('small');
  const own = plan.datasets.map(({ test }) => test);
  for (const run of runs.filter(({ test, adapter, shots }) => own.includes(test) && !adapter && !shots)) {
    assert.ok(openRecords().find(await runHeader(run), runName(run)), runName(run));
  }
});

test('the release of llama.cpp in a header is the one that the loaded library names', async () => {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const llama = await getLlama({ build: 'never', gpu: false, logLevel: LlamaLogLevel.error });
  assert.equal(llamaCppRelease(), llama.llamaCppRelease.release);
  await llama.dispose();
});

test('a data set has one task: training or further rows of another are refused, each by its line', (t) => {
  const text = `title: mixed
models: [smollm2-135m-instruct]
datasets:
  - title: SciFact
    train: pubmedqa/rows/train
    test: scifact/rationales/dev
    also:
      - title: Hallmarks
        test: hoc/sentences/test
`;
  assert.throws(
    () => openStudy('own', project(t, text)),
    ({ at, message }: UserError) => {
      assert.deepEqual([at.line, at.field], [5, 'datasets[0].train']);
      assert.match(
        message,
        /pubmedqa\/rows\/train is of the task biomedical-question-answering, and .* of claim-verif/,
      );
      assert.match(
        message,
        /own\.yaml:9: datasets\[0\]\.also\[0\]\.test: hoc\/sentences\/test is of the task cancer-hallmarks/,
      );
      return true;
    },
  );
});

test('answers that are written are trained and compared in transformers alone, and by no encoder', (t) => {
  const open = (method: string, model: string) =>
    openStudy(
      'own',
      project(
        t,
        `title: similar
models: [${model}]
datasets: [biosses]
training:
  - { id: similar, title: Similar, method: ${method}, model: ${model}, train: [biosses/rows/train], size: 50, seeds: [1] }
`,
      ),
    );
  assert.equal(open('lora', 'smollm2-135m-instruct').plan.training?.length, 1);
  assert.throws(
    () => open('lora, provider: gguf', 'smollm2-135m-instruct'),
    /own\.yaml:5: training\[0\]\.provider: .*answers that are written are compared in transformers alone/,
  );
  assert.throws(
    () => open('encoder', 'all-minilm-l6-v2'),
    /own\.yaml:5: training\[0\]\.train: biosses\/rows\/train is of sentence-similarity, a task of shape number/,
  );
});

test('rows without one label each have no log-probabilities of labels, and nothing is kept of the attempt', async (t) => {
  const paths = project(t, 'title: sets\nmodels: [smollm2-135m-instruct]\ndatasets: [hoc]\n');
  const study = openStudy('own', paths);
  await assert.rejects(
    study.scores('smollm2-135m-instruct', 'hoc/sentences/test'),
    /rows of hoc\/sentences\/test have no label each[\s\S]*study\.responses/,
  );
  assert.equal(existsSync(paths.records), false);
});
