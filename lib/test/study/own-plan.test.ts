import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readPrices } from 'small-claims/models/prices';
import { sha256 } from 'small-claims/project/digest';
import { projectPaths } from 'small-claims/project/paths';
import { hubHost } from 'small-claims/study/plan/here';
import { planBuilds } from 'small-claims/study/plan/sources';
import type { PlanInputs } from 'small-claims/study/plan/step';
import { planSteps } from 'small-claims/study/plan/steps';
import { planText } from 'small-claims/study/plan/text';
import { buildSizes } from 'small-claims/study/plan/tokens';
import { openStudy } from 'small-claims/study/study';
import { temporaryFolder } from '../datasets/fixture.js';
import { ownProject } from '../pipeline/commands/own-project.js';
import { environment } from '../scoring/openai/means.js';

/** A project with a data set of one's own of which there are no records, a study of it, and its plan. */
async function ownPlan(t: TestContext, shots: number) {
  const { paths, put } = ownProject(t);
  environment(t, { DATA_MIRROR: undefined, OPENAI_API_KEY: 'x' });
  const lines = (count: number) => [
    'id,note,label',
    ...Array.from({ length: count }, (_, at) => `${at},Slept ${at} hours,${at % 2 ? 'yes' : 'no'}`),
  ];
  cpSync(projectPaths().pricesFile, paths.pricesFile);
  const files = { 'train.csv': lines(20), 'test.csv': lines(12) };
  const shown = { train: 'train.csv', test: 'test.csv' };
  mkdirSync(join(paths.raw, 'nights'), { recursive: true });
  for (const [name, content] of Object.entries(files)) put(join('data/raw/nights', name), ...content);
  const hashes = Object.entries(files).map(
    ([name, content]) => `    ${name}: { sha256: ${sha256(`${content.join('\n')}\n`)} }`,
  );
  const append = (file: string, text: string) => appendFileSync(file, text);
  append(
    paths.tasksFile,
    'nights:\n  title: Nights\n  question: whether\n  shape: one-of\n  labels: [yes-it-is, no-it-is]\n  fields: { note: {} }\n',
  );
  append(
    paths.promptsFile,
    'nights:\n  task: nights\n  instruction: Say.\n  fields: { note: "Note:" }\n  question: Well?\n  answers: { yes-it-is: "yes", no-it-is: "no" }\n',
  );
  append(
    paths.datasetsFile,
    `nights:\n  title: Nights\n  licence: made up\n  task: nights\n  reader: table\n  splits: ${JSON.stringify(shown)}\n  columns: { id: id, gold: label, fields: { note: note } }\n  labels: { "yes": yes-it-is, "no": no-it-is }\n  files:\n${hashes.join('\n')}\n`,
  );
  writeFileSync(
    join(paths.studies, 'own.yaml'),
    `title: Own\nmodels: [smollm2-135m-instruct, gpt-4o]\ndatasets: [nights]\nshots: { count: ${shots} }\n`,
  );
  cpSync(join(projectPaths().studies, 'small.yaml'), join(paths.studies, 'small.yaml'));
  cpSync(projectPaths().adapters, paths.adapters, { recursive: true });
  return {
    test: join(paths.raw, 'nights', 'test.csv'),
    async plan(hosts: readonly string[] = [], notebooks: PlanInputs['notebooks'] = []) {
      const study = openStudy('own', paths);
      const here = {
        gpu: undefined,
        memoryBytes: 8e9,
        diskBytes: 1e12,
        trainer: false,
        hosts: new Set(hosts),
      };
      const [prices, sizeOf] = [
        readPrices(),
        await buildSizes({ ...paths, records: projectPaths().records }, planBuilds(study)),
      ];
      const steps = await planSteps({ study, here, sizeOf, prices, notebooks, paths });
      const named = (text: string) => steps.find(({ name }) => name.includes(text));
      return { named, text: planText(study, steps, here, prices) };
    },
  };
}

test('rows that no record tells of are counted where the data are at hand', async (t) => {
  const { plan } = await ownPlan(t, 2);
  const { named, text } = await plan();
  assert.equal(named('test.csv')?.done, true);
  assert.match(named('GPT-4o, zero-shot')?.inputs ?? '', /^12 rows, \d+ tokens each$/);
  assert.ok((named('GPT-4o, zero-shot')?.dollars ?? 0) > 0);
  assert.doesNotMatch(text, /unknown/);
});

test('what rows that nobody has counted take and cost is unknown, and not nothing', async (t) => {
  const { plan, test } = await ownPlan(t, 2);
  rmSync(test);
  const { named, text } = await plan();
  assert.equal(named('test.csv')?.done, false);
  assert.equal(named('GPT-4o, zero-shot')?.inputs, 'unknown rows');
  assert.match(text, /for APIs at most: unknown /);
  assert.match(text, /GPU hours: unknown; on two cores: unknown\n/);
  assert.match(text, /\d steps of unknown size/);
  assert.doesNotMatch(text, /\$0\.00/);
});

test('a file with another content than its entry says is not done, and nothing can be made from it', async (t) => {
  const { plan, test } = await ownPlan(t, 2);
  appendFileSync(test, '12,Slept on,yes\n');
  const { named } = await plan();
  const flaw = /^the file nights\/test\.csv that data\/datasets\.yaml:\d+ gives the sha256 of/;
  assert.equal(named('test.csv')?.done, false);
  assert.match(named('test.csv')?.missing.join() ?? '', flaw);
  for (const asked of ['SmolLM2-135M-Instruct, zero-shot', 'SmolLM2-135M-Instruct, 2-shot'])
    assert.ok(
      named(asked)?.missing.some((what) => flaw.test(what)),
      asked,
    );
});

test('more shots than there are training rows of a label are told by the plan', async (t) => {
  const { plan } = await ownPlan(t, 40);
  const { named } = await plan();
  const shown = named('40-shot')?.missing.join() ?? '';
  assert.match(shown, /nights\/rows\/train has 10 rows labelled \S+, too few for 40 shots/);
  assert.ok(!named('SmolLM2-135M-Instruct, zero-shot')?.missing.some((what) => what.includes('shots')));
});

test('a notebook about another task or data set cannot be made, and the paper not without it; one for any study can', async (t) => {
  const { plan } = await ownPlan(t, 2);
  const about = (task: string, titles: readonly string[] = [], study?: string) => [{ study, task, titles }];
  const { named, text } = await plan(
    [],
    [
      { name: '01-claims', wanted: about('claim-verification') },
      { name: '02-nights', wanted: about('nights', ['Nights']) },
      { name: '03-days', wanted: about('nights', ['Nights', 'Days']) },
      { name: '04-any', wanted: [] },
      { name: '05-named', wanted: about('nights', [], 'own') },
    ],
  );
  assert.equal(
    named('01-claims')?.impossible,
    'this notebook is about claim-verification, and Nights is of nights',
  );
  assert.match(named('03-days')?.impossible ?? '', /no data set titled Days$/);
  for (const name of ['02-nights', '04-any', '05-named']) assert.equal(named(name)?.impossible, undefined);
  assert.equal(named('paper.html')?.impossible, 'it takes 01-claims, 03-days too');
  assert.match(text, /Cannot be made for this study: 01-claims; 03-days; paper\.html and paper\.pdf\./);
  assert.match(text, /STUDY=own make 02-nights 04-any 05-named\n/);
  const all = await plan([], [{ name: '04-any', wanted: [] }]);
  assert.equal(all.named('paper.html')?.impossible, undefined);
  assert.doesNotMatch(all.text, /[Cc]annot be made/);
});

test('where a model would come from is told: a package registry needs no hub', async (t) => {
  environment(t, { MODELS_DIR: undefined, HOME: temporaryFolder('home') });
  const { plan } = await ownPlan(t, 2);
  const offline = await plan();
  const inputs = '135M parameters, Q4_1, from';
  assert.equal(offline.named('SmolLM2-135M-Instruct')?.inputs, `${inputs} a package registry, by pip`);
  assert.match(
    offline.text,
    /neither the hub nor a publisher can be reached \(package registries are not tried\)/,
  );
  const online = await plan([hubHost()]);
  assert.equal(online.named('SmolLM2-135M-Instruct')?.inputs, `${inputs} the model hub`);
});

test('a model that can be fetched is missing neither under models nor under records', async (t) => {
  const { plan } = await ownPlan(t, 2);
  environment(t, { MODELS_DIR: undefined });
  const { named } = await plan();
  assert.deepEqual(named('SmolLM2-135M-Instruct')?.missing, []);
  assert.deepEqual(named('SmolLM2-135M-Instruct, zero-shot')?.missing, []);
});
