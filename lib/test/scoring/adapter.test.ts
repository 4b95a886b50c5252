import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findAdapter, locateAdapter } from 'small-claims/models/adapters';
import { sha256 } from 'small-claims/project/digest';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { headerChanges } from 'small-claims/records/header';
import { runHeader, runName } from 'small-claims/scoring/run';
import { ScorerPool } from 'small-claims/scoring/scorer-pool';
import { openStudy } from 'small-claims/study/study';
import { sleepClaims, studyPrompt } from './examples.js';
import { writeLora } from './lora-fixture.js';
import { MODEL, modelFile } from './model.js';

const RUN = { model: MODEL, prompt: 'true-false-unknown', test: 'scifact/rationales/dev' } as const;

/** A project with an adapter of these bytes, which its manifest names. */
function project(t: TestContext, id: string, bytes: Uint8Array, model: string = MODEL): Paths {
  const root = mkdtempSync(join(tmpdir(), 'adapter-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const [here, paths] = [projectPaths(), projectPaths(root)];
  mkdirSync(join(paths.adapters, id), { recursive: true });
  mkdirSync(paths.studies);
  for (const name of ['datasets.yaml', 'models.yaml', 'prompts.yaml', 'tasks.yaml', 'studies/small.yaml'])
    cpSync(join(here.data, name), join(paths.data, name));
  writeFileSync(join(paths.adapters, id, 'lora.gguf'), bytes);
  writeFileSync(
    join(paths.adapters, id, 'adapter.yaml'),
    `title: An adapter\nmodel: ${model}\nfile: lora.gguf\nsha256: ${sha256(bytes)}\n`,
  );
  return paths;
}

test('an adapter changes a run’s header and name, and nothing else of it', async (t) => {
  const paths = project(t, 'tuned', Buffer.from('weights'));
  const run = { ...RUN, adapter: 'tuned' };
  const changes = headerChanges(await runHeader(RUN, paths), await runHeader(run, paths));
  assert.deepEqual(
    changes.map((change) => change.split(':')[0]),
    ['adapter'],
  );
  assert.equal(runName(run), `runs/${MODEL}+tuned/scifact-rationales-dev.true-false-unknown`);
});

test('an adapter’s file with another hash, a missing one, and one for another model are refused', async (t) => {
  const paths = project(t, 'tuned', Buffer.from('weights'));
  const file = join(paths.adapters, 'tuned', 'lora.gguf');
  appendFileSync(file, '!');
  await assert.rejects(
    locateAdapter(findAdapter('tuned', paths), paths),
    /lora\.gguf: not An adapter: sha256 is [0-9a-f]{64}, expected [0-9a-f]{64}/,
  );
  rmSync(file);
  await assert.rejects(locateAdapter(findAdapter('tuned', paths), paths), /is missing[\s\S]*lora\.gguf/);
  assert.throws(
    () => runHeader({ ...RUN, model: 'qwen2.5-coder-0.5b-instruct', adapter: 'tuned' }, paths),
    /"tuned" was made for smollm2-135m-instruct, not for qwen/,
  );
  assert.throws(() => findAdapter('tunde', paths), /there is no adapter "tunde"[\s\S]*nearest is "tuned"/);
});

test('a study asks its adapters behind their model, and no adapter of a model it does not ask', (t) => {
  const paths = project(t, 'tuned', Buffer.from('weights'));
  const study = (models: string) =>
    writeFileSync(
      join(paths.studies, 'own.yaml'),
      [
        `title: own\nmodels: [${models}]\nadapters: [tuned]\nprompt: true-false-unknown`,
        'datasets: [{title: SciFact, train: scifact/rationales/train, test: scifact/rationales/dev}]',
        'split: {size: 10, seeds: [1]}\nbootstrap: {replicates: 100, level: 0.95, seed: 1}',
        'comparisons: {level: 0.95, margin: 0.03, correction: holm}\n',
      ].join('\n'),
    );
  study(`${MODEL}, qwen2.5-coder-0.5b-instruct`);
  assert.deepEqual(
    openStudy('own', paths).runs.map(({ model, adapter }) => [model, adapter]),
    [
      [MODEL, undefined],
      [MODEL, 'tuned'],
      ['qwen2.5-coder-0.5b-instruct', undefined],
    ],
  );
  study('qwen2.5-coder-0.5b-instruct');
  assert.throws(() => openStudy('own', paths), /own\.yaml: the adapter "tuned" was made for smollm2-135m/);
});

test('adapters change scores, the model is loaded once, and without one it scores as before', async (t) => {
  const path = await modelFile(t);
  if (path === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'lora-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const adapters = [1, 2].map((seed) => ({ id: `lora-${seed}`, path: join(folder, `${seed}.gguf`) }));
  for (const [index, { path: to }] of adapters.entries()) await writeLora(path, to, { seed: index + 1 });
  const said: string[] = [];
  t.mock.method(process.stderr, 'write', (text: string) => said.push(text) > 0);
  const pool = new ScorerPool();
  t.after(() => pool.dispose());
  const scores = (adapter?: { readonly id: string; readonly path: string }) =>
    pool.use({ model: MODEL }, async (scorer) => {
      const rows: string[] = [];
      const question = {
        prompt: studyPrompt(),
        shots: [],
        adapter: adapter && { ...adapter, sha256: sha256(adapter.id) },
      };
      await scorer.score(question, sleepClaims.slice(0, 3), (row) => rows.push(JSON.stringify(row)));
      return rows;
    });
  const plain = await scores();
  const [first, second] = [await scores(adapters[0]), await scores(adapters[1])];
  const again = await scores();
  const broken = join(folder, 'broken.gguf');
  writeFileSync(broken, 'not an adapter');
  await assert.rejects(
    scores({ id: 'broken', path: broken }),
    /broken\.gguf: not a GGUF file: it begins with "not "/,
  );
  t.mock.restoreAll();
  assert.equal(said.filter((text) => text.includes(': loading ')).length, 1);
  assert.deepEqual(again, plain);
  assert.equal(new Set([...plain, ...first, ...second]).size, 9);
});
