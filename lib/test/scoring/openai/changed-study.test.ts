import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { openStudy, type Study } from 'small-claims/study/study';
import { fixtureProject, healthverCsv, layOut, scifactArchive } from '../../datasets/fixture.js';
import { fakeEndpoint } from './fake-endpoint.js';
import { environment, said } from './means.js';

const HEALTHVER = '  - { title: HealthVer, train: healthver/rows/dev, test: healthver/rows/test }\n';
const SCIFACT = '  - { title: SciFact, train: scifact/rationales/train, test: scifact/rationales/dev }\n';

/** A project of two data sets and of two models on a server of its own. */
async function project(): Promise<Paths> {
  const releases = {
    healthver: { 'healthver_test.csv': Buffer.from(healthverCsv) },
    scifact: { 'data.tar.gz': await scifactArchive() },
  };
  const paths = fixtureProject(releases);
  layOut(paths.raw, releases);
  cpSync(projectPaths().pricesFile, paths.pricesFile);
  const entry = (id: string) =>
    `${id}: { title: ${id}, licence: none, provider: openai, server: vllm, apiModel: ${id}, weights: ${id}@1, endpoint: TEST_SERVER }\n`;
  writeFileSync(paths.modelsFile, entry('own-a') + entry('own-b'));
  mkdirSync(paths.studies);
  return paths;
}

const studyText = (models: string, datasets: string) => `title: a study
models: [${models}]
prompt: true-false-unknown
datasets:
${datasets}split: { size: 1008, seeds: [1] }
bootstrap: { replicates: 2000, level: 0.95, seed: 1 }
comparisons: { level: 0.95, margin: 0.03, correction: holm }
`;

/** Opens a study of these models and data sets; `change` does what else is changed. */
function study(paths: Paths, models: string, datasets: string, change = (text: string) => text): Study {
  writeFileSync(join(paths.studies, 'own.yaml'), change(studyText(models, datasets)));
  return openStudy('own', paths);
}

test('of a changed study only what changed is scored, also where a run was interrupted before the change', async (t) => {
  let broken = false;
  const { url, got } = await fakeEndpoint(t, ({ body }, response) => {
    const cut = broken && body.includes('Salt');
    if (cut) response.writeHead(400).end('{}');
    return cut;
  });
  environment(t, { TEST_SERVER: url });
  const paths = await project();
  /** What each run of a study came from, and the models that were asked meanwhile, once a row. */
  async function scored({ apiRuns, scores, close }: Study) {
    const before = got.length;
    const { value } = await said(async () => {
      const origins: string[] = [];
      for (const { model, test } of apiRuns) origins.push((await scores(model, test)).origin);
      return origins;
    });
    await close();
    return { origins: value, asked: got.slice(before).map(({ body }) => String(JSON.parse(body).model)) };
  }

  const first = await scored(study(paths, 'own-a', HEALTHVER));
  assert.deepEqual(first, { origins: ['computed'], asked: Array(3).fill('own-a') });

  const analysed = study(paths, 'own-a', HEALTHVER, (text) =>
    text
      .replace('title: a study', 'title: another')
      .replace('size: 1008', 'size: 100')
      .replace('replicates: 2000', 'replicates: 500')
      .replace('correction: holm', 'correction: none'),
  );
  assert.equal(analysed.plan.bootstrap.replicates, 500);
  assert.deepEqual(await scored(analysed), { origins: ['replayed'], asked: [] });

  broken = true;
  await assert.rejects(scored(study(paths, 'own-b', HEALTHVER)), /2 of 3 rows came and are kept/);
  broken = false;
  const models = await scored(study(paths, 'own-a, own-b', HEALTHVER));
  assert.deepEqual(models, { origins: ['replayed', 'computed'], asked: ['own-b'] });

  const datasets = await scored(study(paths, 'own-a, own-b', SCIFACT + HEALTHVER));
  assert.deepEqual(datasets.origins, ['computed', 'replayed', 'computed', 'replayed']);
  const prompts = got.slice(-datasets.asked.length).map(({ body }) => body);
  assert.ok(prompts.every((body) => /Tea lengthens sleep\.|Sugar raises pressure\./.test(body)));
  assert.equal(new Set(prompts).size, prompts.length, 'no row is asked about twice');
});

test('two studies that want the same run at once share it: no row is asked about twice', async (t) => {
  const { url, got } = await fakeEndpoint(t);
  environment(t, { TEST_SERVER: url });
  const paths = await project();
  const both = [1, 2].map(() => study(paths, 'own-a', HEALTHVER));
  const { value, text } = await said(() =>
    Promise.all(both.map(({ scores }) => scores('own-a', 'healthver/rows/test'))),
  );
  assert.deepEqual(value.map(({ origin }) => origin).sort(), ['computed', 'replayed']);
  assert.equal(got.length, 3);
  assert.equal(new Set(value.map(({ sha256 }) => sha256)).size, 1);
  // Within one process the second takes part in the first, and waits for no other.
  assert.doesNotMatch(text, /waiting/);
});
