import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { buildFacts } from 'small-claims/datasets/facts';
import { draftStudy } from 'small-claims/pipeline/scaffold/study-draft';
import { sha256 } from 'small-claims/project/digest';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { coreRows, floorRows } from 'small-claims/study/core-rows';
import { coreTable } from 'small-claims/study/core-table';
import { sharedWithTraining } from 'small-claims/study/shared-training';
import { openStudy } from 'small-claims/study/study';
import { findTask } from 'small-claims/tasks/task';
import { layOut, refusal, temporaryFolder } from '../datasets/fixture.js';

const TRAIN = '{ id: a, title: A, size: 8, seeds: [1]';
const LORA = `${TRAIN}, model: smollm2-135m-instruct, method: lora`;
const ENCODER = `${TRAIN}, model: all-minilm-l6-v2, method: encoder`;

/** This project's entries, with tables of one's own under two names, and a study of these lines. */
function project(lines: string, own: Readonly<Record<string, string>> = {}): Paths {
  const [here, paths] = [projectPaths(), projectPaths(temporaryFolder('trained'))];
  for (const folder of [paths.studies, paths.adapters]) mkdirSync(folder, { recursive: true });
  for (const file of ['datasetsFile', 'tasksFile', 'promptsFile', 'modelsFile'] as const)
    cpSync(here[file], paths[file]);
  const entries = Object.entries(own).map(([name, content]) => [
    name,
    {
      ...{ title: name, licence: 'mine', task: 'claim-verification', reader: 'table' },
      columns: { gold: 'label', fields: { claim: 'claim', evidence: 'evidence' } },
      splits: { all: `${name}.csv` },
      files: { [`${name}.csv`]: { sha256: sha256(content) } },
    },
  ]);
  if (entries.length > 0)
    writeFileSync(paths.datasetsFile, JSON.stringify(Object.fromEntries(entries), null, 1));
  for (const [name, content] of Object.entries(own))
    layOut(paths.raw, { [name]: { [`${name}.csv`]: Buffer.from(content) } });
  writeFileSync(join(paths.studies, 'own.yaml'), `title: own\nmodels: [smollm2-135m-instruct]\n${lines}\n`);
  return paths;
}

const onScifact =
  'datasets: [{ title: SciFact, train: scifact/rationales/train, test: scifact/rationales/dev }]';
const rows = (...claims: readonly string[]) =>
  `claim,evidence,label\n${claims.map((claim, row) => `${claim},Text ${claim} ${row}.,${['SUPPORT', 'CONTRADICT', 'NEI'][row % 3]}\n`).join('')}`;

describe('what is trained on is not tested on: a study is refused by file, line and field', () => {
  const whole = /holds the rows of .* what is trained on may not be tested on/;
  const twice = { first: rows('Tea', 'Zinc', 'Salt'), second: rows('Tea', 'Zinc', 'Salt') };
  const cases: readonly (readonly [string, string, RegExp, RegExp, Readonly<Record<string, string>>?])[] = [
    [
      'the same build',
      'datasets: [{ title: S, train: scifact/rationales/dev, test: scifact/rationales/dev }]',
      /datasets\[0\]\.train/,
      whole,
    ],
    [
      'another build of the same claims',
      'datasets: [{ title: S, train: scifact/nei-random/dev, test: scifact/rationales/dev }]',
      /datasets\[0\]\.train/,
      whole,
    ],
    [
      'all rows, and a sample of them',
      'datasets: [{ title: P, train: pubmedqa/rows/test, test: pubmedqa/sample/test }]',
      /datasets\[0\]\.train/,
      whole,
    ],
    [
      'further rows to try everything on',
      'datasets: [{ title: S, train: scifact/rationales/train, test: scifact/rationales/dev, also: [{ title: T, test: scifact/nei-random/train }] }]',
      /datasets\[0\]\.train/,
      whole,
    ],
    [
      'a training on the test set of another data set',
      `datasets:\n  - { title: S, train: scifact/rationales/train, test: scifact/rationales/dev }\n  - { title: H, train: healthver/rows/dev, test: healthver/rows/test }\ntraining: [${LORA}, train: [scifact/rationales/train, healthver/rows/test] }]`,
      /training\[0\]\.train/,
      whole,
    ],
    [
      'one file under two names',
      'datasets: [{ title: O, train: first/rows/all, test: second/rows/all }]',
      /datasets\[0\]\.train/,
      whole,
      twice,
    ],
  ];
  test('an adapter whose manifest says that it has learnt from the test rows', async () => {
    const { adapters } = projectPaths();
    const [first = ''] = readdirSync(adapters).filter((id) => existsSync(join(adapters, id, 'adapter.yaml')));
    const paths = project(`${onScifact}\nadapters: [taught]`);
    const manifest = readFileSync(join(adapters, first, 'adapter.yaml'), 'utf8')
      .replace(/build: \S+/, 'build: scifact/abstracts/dev')
      .replace(/^model: .*/m, 'model: smollm2-135m-instruct');
    mkdirSync(join(paths.adapters, 'taught'));
    writeFileSync(join(paths.adapters, 'taught', 'adapter.yaml'), manifest);
    const { message, at } = await refusal(() => openStudy('own', paths));
    assert.match(at.field ?? '', /adapters\[0\]/);
    assert.match(message, whole);
  });

  for (const [what, lines, field, says, own] of cases) {
    test(what, async () => {
      const { message, at } = await refusal(() => openStudy('own', project(lines, own)));
      assert.match(at.file ?? '', /own\.yaml$/);
      assert.ok((at.line ?? 0) >= 3);
      assert.match(at.field ?? '', field);
      assert.match(message, says);
    });
  }

  test('but parts of one archive are, and training rows of another data set', () => {
    const lines = `${onScifact}\ntraining: [${ENCODER}, train: [healthver/rows/dev] }]`;
    assert.equal(openStudy('own', project(lines)).tests.length, 1);
  });
});

describe('what no training can be is refused', () => {
  const training = (entry: string) =>
    `${onScifact}\ntraining: [${entry}, train: [scifact/rationales/train] }]`;
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      'LoRA on an encoder',
      training(ENCODER.replace('encoder', 'lora')),
      /training\[0\]\.method: .*not trained by "lora".*encoder/,
    ],
    [
      'QLoRA of a model behind an endpoint',
      training(LORA.replace('smollm2-135m-instruct', 'gpt-4o').replace('lora', 'qlora')),
      /gpt-4o is not trained by "qlora".*endpoint/,
    ],
    [
      'a language model as an encoder',
      training(LORA.replace('lora', 'encoder')),
      /not trained by "encoder".*qlora, lora, full, p-tuning/,
    ],
    ['a negative seed of a training', training(LORA.replace('[1]', '[-1]')), /training\[0\]\.seeds\[0\]/],
    ['a negative seed of a split', `${onScifact}\nsplit: { size: 9, seeds: [-3] }`, /split\.seeds\[0\]/],
    ['a negative seed of shots', `${onScifact}\nshots: { count: 4, seed: -1 }`, /shots\.seed/],
    ['a negative seed of the bootstrap', `${onScifact}\nbootstrap: { seed: -1 }`, /bootstrap\.seed/],
    ['a learning rate of one', training(`${LORA}, learningRate: 1`), /learningRate/],
    ['a learning rate of nothing', training(`${LORA}, learningRate: 0`), /learningRate/],
    ['a dropout of all', training(`${LORA}, dropout: 1`), /dropout/],
    ['an infinite alpha', training(`${LORA}, alpha: 1e300`), /alpha/],
    ['a rank of half', training(`${LORA}, rank: 0.5`), /rank/],
    ['epochs without end', training(`${LORA}, epochs: 1000000`), /epochs/],
    [
      'a bootstrap without end',
      `${onScifact}\nbootstrap: { replicates: 1000000000 }`,
      /bootstrap\.replicates/,
    ],
    ['warming up all the time', training(`${LORA}, warmup: 1`), /warmup/],
  ];
  for (const [what, lines, says] of cases) {
    test(what, async () => {
      const { message, at } = await refusal(() => openStudy('own', project(lines)));
      assert.match(at.file ?? '', /own\.yaml$/);
      assert.match(message, says);
    });
  }
});

describe('rows that share something with training rows are told in the tables that they touch', () => {
  test('SciFact’s two claims and its documents, as the facts of both parts have them', async () => {
    const study = openStudy('small');
    const [set] = study.tests;
    assert.ok(set);
    const [said = ''] = sharedWithTraining(set, study.plan, study.paths);
    const [train, dev] = [
      await buildFacts('scifact/rationales/train'),
      await buildFacts('scifact/rationales/dev'),
    ];
    const shared = (name: 'claim' | 'evidence') =>
      dev.rows.filter((row) =>
        train.rows.some(
          (other) =>
            (row.hashes[name] !== '' && row.hashes[name] === other.hashes[name]) ||
            row.keys[name]?.some((key) => other.keys[name]?.includes(key)),
        ),
      ).length;
    assert.equal(
      said,
      `SciFact: of 450 test rows ${shared('claim')} share their claim and ${shared('evidence')} their evidence with scifact/rationales/train.`,
    );
    const floors = await floorRows(study, set);
    assert.ok(coreTable(findTask('claim-verification'), floors).notes?.includes(said));
  });

  test('two tables of one’s own that have a claim in common, and none', async () => {
    const lines = 'datasets: [{ title: O, train: first/rows/all, test: second/rows/all }]';
    const paths = project(lines, { first: rows('Tea', 'Zinc', 'Salt'), second: rows('Tea', 'Milk', 'Sage') });
    for (const build of ['first/rows/all', 'second/rows/all'] as const) await buildFacts(build, paths);
    const study = openStudy('own', paths);
    const table = coreTable(findTask('claim-verification', paths), await coreRows(study));
    assert.ok(
      table.notes?.some((note) => /^O: of 3 test rows 1 share their claim/.test(note)),
      String(table.notes),
    );
    const apart = project(lines, { first: rows('Tea'), second: rows('Milk') });
    for (const build of ['first/rows/all', 'second/rows/all'] as const) await buildFacts(build, apart);
    const { tests, plan } = openStudy('own', apart);
    assert.deepEqual(
      tests.flatMap((set) => sharedWithTraining(set, plan, apart)),
      [],
    );
  });
});

test('a data set of one part, named alone in a study, is refused in the words of new study', () => {
  const paths = project('datasets: [alone]', { alone: 'claim,evidence,label\nTea,Milk,NEI\n' });
  const said =
    /alone has one part, and a study needs one to train on and one to try on: divide its file in two/;
  assert.throws(() => openStudy('own', paths), said);
  assert.throws(() => draftStudy('own', ['alone'], paths), said);
});
