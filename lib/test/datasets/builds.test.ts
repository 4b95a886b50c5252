import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { BuildName } from 'small-claims/datasets/build-name';
import { buildHeader, buildNames, buildsMeant, loadBuild } from 'small-claims/datasets/builds';
import { readCatalogue } from 'small-claims/datasets/catalogue';
import { NEI_REBUILDS } from 'small-claims/datasets/readers/scifact/nei-rebuild';
import { fetchDatasets } from 'small-claims/datasets/release';
import { sha256 } from 'small-claims/project/digest';
import { type Row, textOf } from 'small-claims/tasks/row';
import { changed } from '../tasks/entries.js';
import { fixtureProject, healthverCsv, layOut, scifactArchive, temporaryFolder } from './fixture.js';

const releases = {
  scifact: { 'data.tar.gz': await scifactArchive() },
  healthver: { 'healthver_dev.csv': Buffer.from(healthverCsv) },
};
const paths = fixtureProject(releases);
const mirror = layOut(temporaryFolder('mirror'), releases);
const offline = { fetch: () => Promise.reject(new Error('no network')), pause: async () => {} };
const load = (name: BuildName) => loadBuild(name, { paths, mirror });
const shown = (rows: readonly Row[]) => rows.map((row) => [row.id, row.gold, textOf(row, 'evidence')]);
const rationaleOf = ({ details }: Row) => details?.['rationale'];
const documentsOf = ({ keys }: Row) => keys['evidence'];

test('rationales: a row for each evidence set, and one with empty evidence for each NEI claim', async () => {
  assert.deepEqual(shown(await load('scifact/rationales/train')), [
    ['scifact:train:3:nei', 'NEI', ''],
    ['scifact:train:1:7:0', 'SUPPORT', 'Tea does not keep mice awake.'],
    ['scifact:train:1:40:0', 'SUPPORT', 'Tea was given to mice. Tea lengthened sleep.'],
    ['scifact:train:1:40:1', 'SUPPORT', 'Sleep was measured.'],
  ]);
  const [nei, , set] = await load('scifact/rationales/train');
  assert.deepEqual(nei, {
    id: 'scifact:train:3:nei',
    gold: 'NEI',
    keys: { claim: ['3'], evidence: ['900', '40'] },
    details: { rationale: [] },
    texts: { claim: 'Tea lengthens sleep.', evidence: '' },
  });
  assert.ok(set);
  assert.deepEqual([documentsOf(set), rationaleOf(set)], [['40'], [0, 2]]);
});

test('abstracts: a row for each cited document, NEI where it holds no evidence', async () => {
  const rows = await load('scifact/abstracts/train');
  assert.deepEqual(
    rows.map((row) => [row.id, row.gold, rationaleOf(row)]),
    [
      ['scifact:train:3:900', 'NEI', []],
      ['scifact:train:3:40', 'NEI', []],
      ['scifact:train:1:40', 'SUPPORT', [0, 1, 2]],
      ['scifact:train:1:7', 'SUPPORT', [1]],
      ['scifact:train:1:900', 'NEI', []],
    ],
  );
  assert.equal(rows[3]?.texts['evidence'], 'Coffee keeps mice awake. Tea does not keep mice awake.');
});

describe('a NEI rebuild', () => {
  for (const rebuild of NEI_REBUILDS) {
    test(`${rebuild} changes NEI rows alone: one for each cited document, none empty`, async () => {
      const rows = await load(`scifact/${rebuild}/train`);
      const kept = (await load('scifact/rationales/train')).filter(({ gold }) => gold !== 'NEI');
      assert.deepEqual(
        rows.filter(({ gold }) => gold !== 'NEI'),
        kept,
      );
      assert.deepEqual(
        rows.filter(({ gold }) => gold === 'NEI').map((row) => [row.id, documentsOf(row)]),
        [
          ['scifact:train:3:900:nei', ['900']],
          ['scifact:train:3:40:nei', ['40']],
        ],
      );
      assert.ok(rows.every((row) => textOf(row, 'evidence') !== ''));
    });
  }

  const neiOf = async (rebuild: string) =>
    (await load(`scifact/${rebuild}/train`))
      .filter(({ gold }) => gold === 'NEI')
      .map((row) => rationaleOf(row) ?? assert.fail());

  test('shows the whole abstract, or its first three sentences', async () => {
    assert.deepEqual(await neiOf('nei-abstract'), [
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3],
    ]);
    assert.deepEqual(await neiOf('nei-first3'), [
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  test('at random shows one or two sentences, the same each time', async () => {
    const first = await neiOf('nei-random');
    assert.ok(first.every((choice) => choice.length === 1 || choice.length === 2));
    assert.deepEqual(await neiOf('nei-random'), first);
  });
});

test('HealthVer rows are as shipped; rows of the same claim or evidence share its id', async () => {
  const rows = await load('healthver/rows/dev');
  assert.deepEqual(
    rows.map((row) => [row.id, row.gold, rationaleOf(row)]),
    [
      ['healthver:dev:11', 'SUPPORT', []],
      ['healthver:dev:12', 'CONTRADICT', []],
      ['healthver:dev:4', 'NEI', []],
    ],
  );
  assert.deepEqual(rows[0]?.keys['claim'], rows[1]?.keys['claim']);
  assert.deepEqual(rows[0]?.keys['claim'], [sha256('Tea lengthens sleep').slice(0, 16)]);
  assert.equal(new Set(rows.flatMap(documentsOf)).size, 3);
});

test('ids are unique within every build', async () => {
  const names = buildNames(paths).filter((name) => /^scifact\/|^healthver\/rows\/dev$/.test(name));
  assert.equal(names.length, 15);
  for (const name of names) {
    const ids = (await load(name)).map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, name);
  }
});

test('a build’s header names the release and needs no data', () => {
  assert.deepEqual(buildHeader('scifact/nei-random/dev', paths), {
    build: 'scifact/nei-random/dev',
    version: 1,
    files: { 'scifact/data.tar.gz': sha256(releases.scifact['data.tar.gz']) },
    seed: 0,
  });
  for (const name of buildNames()) assert.equal(buildHeader(name).build, name);
});

test('a sample is drawn from the rows of its build, whose seed stays its own', async () => {
  const there = fixtureProject(releases);
  const entries = readFileSync(there.datasetsFile, 'utf8');
  const few = '"nei-random":{"seed":3},"few":{"seed":8,"sample":{"of":"nei-random","size":2}}';
  writeFileSync(there.datasetsFile, changed(entries, '"nei-random":{"seed":0}', few));
  const [drawn, again, all] = await Promise.all(
    (['few', 'few', 'nei-random'] as const).map((build) =>
      loadBuild(`scifact/${build}/train`, { paths: there, mirror }),
    ),
  );
  assert.ok(drawn && again && all);
  assert.deepEqual(drawn, again);
  assert.equal(drawn.length, 2);
  for (const row of drawn)
    assert.deepEqual(
      all.find(({ id }) => id === row.id),
      row,
    );
  assert.deepEqual(buildHeader('scifact/few/train', there).sample, { of: 'nei-random', size: 2, seed: 3 });
});

test('a build that does not exist is an error that names the nearest, and those of its data set alone', async () => {
  await assert.rejects(
    load('scifact/rationale/dev'),
    /nearest is "scifact\/rationales\/dev"; builds of scifact: (?:scifact\/[^,]+, )+scifact\/[^,]+\.$/,
  );
  assert.equal(
    buildsMeant('healthver/row/dev', paths),
    'The nearest is "healthver/rows/dev"; builds of healthver: healthver/rows/train, healthver/rows/dev, healthver/rows/test.',
  );
  assert.equal(
    buildsMeant('nothing/of/it', paths),
    'Data sets: scifact, healthver, pubmedqa, hoc, biosses, ncbi-disease.',
  );
});

describe('a release is found', () => {
  test('in data/raw before the mirror', async () => {
    const there = fixtureProject({ scifact: releases.scifact });
    layOut(there.raw, { scifact: { 'data.tar.gz': Buffer.from('mine') } });
    await assert.rejects(loadBuild('scifact/rationales/dev', { paths: there, mirror }), (error: Error) =>
      error.message.includes(
        `${join(there.raw, 'scifact', 'data.tar.gz')}: not the Fixture of scifact release`,
      ),
    );
  });

  test('in the mirror, read in place', async () => {
    await load('scifact/rationales/dev');
    assert.equal(existsSync(paths.raw), false);
  });

  test('and is never used with another hash than the catalogue’s', async () => {
    const wrong = layOut(temporaryFolder('mirror'), { scifact: { 'data.tar.gz': Buffer.from('other') } });
    await assert.rejects(
      loadBuild('scifact/rationales/dev', { paths, mirror: wrong }),
      new RegExp(`sha256 is ${sha256('other')}, expected ${sha256(releases.scifact['data.tar.gz'])}`),
    );
  });

  test('at its URL, and then kept in data/raw', async () => {
    const there = fixtureProject({ scifact: releases.scifact });
    const web = { fetch: async () => new Response(releases.scifact['data.tar.gz']), pause: async () => {} };
    const empty = temporaryFolder('empty');
    assert.equal((await loadBuild('scifact/rationales/dev', { paths: there, mirror: empty, web })).length, 2);
    assert.equal((await loadBuild('scifact/rationales/dev', { paths: there, mirror: empty })).length, 2);
  });

  test('nowhere: the error names the dataset, the places and the command', async () => {
    const there = fixtureProject({ scifact: releases.scifact });
    const empty = temporaryFolder('empty');
    await assert.rejects(
      loadBuild('scifact/rationales/dev', { paths: there, mirror: empty, web: offline }),
      (error: Error) => {
        assert.match(error.message, /the dataset scifact is missing \(data\.tar\.gz/);
        assert.match(error.message, /`make data`.*DATA_MIRROR=FOLDER/);
        assert.ok(error.message.includes(`${join(there.raw, 'scifact', 'data.tar.gz')}: no such file`));
        assert.ok(error.message.includes(`${join(empty, 'scifact', 'data.tar.gz')}: no such file`));
        assert.ok(error.message.includes('http://127.0.0.1:9/data.tar.gz: '));
        return true;
      },
    );
  });
});

test('fetching brings what can be had and names what cannot', async () => {
  const there = fixtureProject({
    ...releases,
    healthver: { ...releases.healthver, 'healthver_test.csv': Buffer.from('elsewhere') },
  });
  await assert.rejects(
    fetchDatasets(undefined, { paths: there, mirror, web: offline }),
    /healthver_test\.csv\) could not be had/,
  );
  for (const [dataset, files] of Object.entries(releases)) {
    for (const name of Object.keys(files)) assert.ok(existsSync(join(there.raw, dataset, name)), name);
  }
  assert.equal((await fetchDatasets(['scifact'], { paths: there, mirror })).length, 1);
  await assert.rejects(fetchDatasets(['scifakt'], { paths: there, mirror }), /no dataset "scifakt"/);
});

test('a file name in the catalogue cannot lead outside data/raw', () => {
  const there = fixtureProject({ scifact: { '../../outside': Buffer.of() } });
  assert.throws(() => readCatalogue(there), /datasets\.yaml:1: .*outside.*must be letters/);
});

test('a hash in the catalogue is 64 hexadecimal digits', () => {
  const there = fixtureProject(releases);
  writeFileSync(
    there.datasetsFile,
    [
      'scifact:',
      '  title: SciFact',
      '  homepage: https://example.org/',
      '  licence: none',
      '  task: claim-verification',
      '  reader: scifact',
      '  splits: { dev: data.tar.gz }',
      '  files:',
      '    data.tar.gz:',
      '      url: https://example.org/data.tar.gz',
      '      sha256: ABC',
    ].join('\n'),
  );
  assert.throws(
    () => readCatalogue(there),
    /datasets\.yaml:11: scifact\.files\.data\.tar\.gz\.sha256: must be 64/,
  );
});
