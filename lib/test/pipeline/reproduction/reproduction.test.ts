import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Published } from 'small-claims/paper/published';
import { readPublished } from 'small-claims/paper/published';
import { compareReproduction } from 'small-claims/pipeline/reproduction/comparison';
import {
  type Reproduction,
  reportHtml,
  reportText,
  verdict,
} from 'small-claims/pipeline/reproduction/report';
import {
  modelsWanted,
  recordsIn,
  takeRecords,
  withRecords,
} from 'small-claims/pipeline/reproduction/reproduction';
import { tolerance } from 'small-claims/pipeline/reproduction/tolerance';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import type { RecordHeader } from 'small-claims/records/header';
import { isToBeMade } from 'small-claims/records/remaking';
import { openRecords } from 'small-claims/records/store';
import { missingFor } from 'small-claims/scoring/missing';
import { temporaryFolder } from '../../datasets/fixture.js';
import { rowOf } from '../../records/tiny.js';
import { scratchProject, writeNotebook } from '../scratch-project.js';
import { SOME_ENVIRONMENT } from './environment-fixture.js';

test('a number made again is exact, within noise, within its interval, or outside', () => {
  const interval = { low: 0.68, high: 0.77 };
  assert.equal(tolerance(0.729, 0.729, interval), 'exact');
  assert.equal(tolerance(0.729, 0.729 + 1e-9, interval), 'noise');
  assert.equal(tolerance(0.729, 0.74, interval), 'interval');
  assert.equal(tolerance(0.729, 0.78, interval), 'outside');
  assert.equal(tolerance(0.729, 0.74), 'outside', 'nothing says how far it may be');
  assert.equal(tolerance(0.729, undefined, interval), 'missing');
  assert.equal(tolerance(1_000_000, 1_000_000.5), 'noise');
});

/** What a notebook published: a value with an interval and a table. */
function published(t: Parameters<typeof scratchProject>[0], accuracy: number, cell: string): Published {
  const paths = scratchProject(t);
  writeNotebook(paths, 'trial', []);
  const write = (kind: string, id: string, content: object) => {
    const folder = join(paths.published, 'trial', kind);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${id}.json`), JSON.stringify({ id, notebook: 'trial', ...content }));
  };
  const sources = [{ path: 'data/records/facts/dev.0123456789ab.jsonl.gz', sha256: '0' }];
  const interval = { low: 0.6, high: 0.8, level: 0.95, method: 'bootstrap' };
  write('values', 'accuracy', {
    number: accuracy,
    format: 'percent',
    display: `${accuracy}`,
    interval,
    sources,
  });
  write('tables', 'counts', {
    caption: 'Counts.',
    columns: [
      { id: 'label', title: 'Label' },
      { id: 'rows', title: 'Rows', format: 'count' },
    ],
    rows: [[cell, 7]],
    sources,
  });
  return readPublished(paths);
}

function reproduction(compared: Reproduction['compared'], taken: Reproduction['taken'] = []): Reproduction {
  return {
    notebooks: ['trial'],
    compared,
    failures: new Map(),
    taken,
    uncommitted: [],
    madeOn: ['another CPU'],
    here: SOME_ENVIRONMENT,
    figures: [],
  };
}

test('values and tables are compared with the committed ones, and the exit status tells the worst', (t) => {
  const committed = published(t, 0.7, 'NEI');
  const against = (other: Published, isTaken = () => false) =>
    compareReproduction(committed, other, ['trial'], isTaken);
  const same = against(published(t, 0.7, 'NEI'));
  assert.deepEqual(
    same.map(({ kind, class: found }) => [kind, found]),
    [
      ['value', 'exact'],
      ['table', 'exact'],
    ],
  );
  assert.equal(verdict(reproduction(same)), 0);

  const [value, table] = against(published(t, 0.75, '<b>other</b>'));
  assert.deepEqual([value?.class, value?.differences], ['interval', ['0.7 -> 0.75']]);
  assert.deepEqual([table?.class, table?.differences], ['outside', ['row 1, Label: NEI -> <b>other</b>']]);
  assert.equal(verdict(reproduction(value ? [value] : [])), 0);
  const worst = reproduction(table ? [table] : []);
  assert.equal(verdict(worst), 1);
  assert.match(reportText(worst), /outside: table counts \(trial\)\n {2}row 1, Label: NEI -> <b>other/);
  assert.match(reportHtml(worst), /NEI -&gt; &lt;b&gt;other/);
  assert.doesNotMatch(reportHtml(worst), /<b>other/);
});

test('a table that lacks a column is not the same table', (t) => {
  const [committed, other] = [published(t, 0.7, 'NEI'), published(t, 0.7, 'NEI')];
  const counts = other.tables.get('counts');
  assert.ok(counts);
  const { columns, rows } = counts.content;
  const narrow = {
    ...counts.content,
    columns: columns.slice(0, 1),
    rows: rows.map((row) => row.slice(0, 1)),
  };
  const tables = new Map([['counts', { ...counts, content: narrow }]]);
  const table = compareReproduction(committed, { ...other, tables }, ['trial'], () => false).find(
    ({ kind }) => kind === 'table',
  );
  assert.equal(table?.class, 'outside');
  assert.deepEqual(table?.differences, ['1 rows under label, rows -> 1 rows under label']);
});

test('what is made and was not published from the committed records is told', (t) => {
  const made = published(t, 0.7, 'NEI');
  const none = { values: new Map(), tables: new Map(), figures: new Map() };
  const compared = compareReproduction(none, made, ['trial'], () => false);
  assert.deepEqual(
    compared.map(({ kind, id, class: found }) => [kind, id, found]),
    [
      ['value', 'accuracy', 'new'],
      ['table', 'counts', 'new'],
    ],
  );
  assert.match(reportText(reproduction(compared)), /new: value accuracy \(trial\)/);
  assert.equal(verdict(reproduction(compared)), 2);
  const uncommitted = { ...reproduction([]), uncommitted: ['runs/a/b'] };
  assert.equal(verdict(uncommitted), 2);
  assert.match(reportText(uncommitted), /not committed: runs\/a\/b/);
  assert.match(reportHtml(uncommitted), /<td>runs\/a\/b<\/td>/);
});

test('what could not be made again is told, and is not a success', (t) => {
  const committed = published(t, 0.7, 'NEI');
  const compared = compareReproduction(committed, published(t, 0.7, 'NEI'), ['trial'], () => true);
  assert.deepEqual(
    compared.map(({ taken, sources }) => [taken, sources]),
    [
      [1, 1],
      [1, 1],
    ],
  );
  const found = reproduction(compared, [{ record: 'facts/dev', why: 'the data file is not here' }]);
  assert.equal(verdict(found), 2);
  assert.match(reportText(found), /not made again: facts\/dev \(the data file is not here\)/);
  const unasked = { record: 'runs/large/dev', why: '--models does not name large', unasked: true };
  assert.equal(verdict(reproduction(compared, [unasked])), 0);
  assert.match(reportText(reproduction(compared, [unasked])), /not asked for: runs\/large\/dev/);
  const gone = compareReproduction(
    committed,
    { values: new Map(), tables: new Map(), figures: new Map() },
    ['trial'],
    () => false,
  );
  assert.equal(verdict(reproduction(gone)), 2);
});

const INPUTS = { kind: 'run', model: { id: 'tiny' }, adapter: { id: 'tuned', sha256: 'x' } } as const;

const yaml = (lines: readonly string[]) => `${lines.join('\n')}\n`;
const hash = '0'.repeat(64);

/** A project with one model, which is here. */
function withTiny(t: TestContext): Paths {
  const paths = { ...scratchProject(t), modelCache: join(scratchProject(t).root, 'models') };
  writeFileSync(
    paths.modelsFile,
    yaml([
      'tiny:',
      '  title: Tiny',
      '  provider: gguf',
      '  licence: MIT',
      "  parameters: '1M'",
      '  quantisation: none',
      '  file: tiny.gguf',
      `  sha256: '${hash}'`,
      '  sources: [{hub: a/b}]',
    ]),
  );
  mkdirSync(paths.modelCache);
  writeFileSync(join(paths.modelCache, 'tiny.gguf'), '');
  return paths;
}

test('a record that needs an adapter is not begun where the adapter is not', (t) => {
  const paths = withTiny(t);
  const folder = join(paths.adapters, 'tuned');
  mkdirSync(folder, { recursive: true });
  assert.deepEqual(missingFor(INPUTS, paths), ['the adapter tuned, which data/adapters does not name']);
  writeFileSync(
    join(folder, 'adapter.yaml'),
    yaml(['title: Tuned', 'model: tiny', 'file: tuned.gguf', `sha256: '${hash}'`]),
  );
  assert.deepEqual(missingFor(INPUTS, paths), ['the adapter tuned (make adapters)']);
  writeFileSync(join(folder, 'tuned.gguf'), '');
  assert.deepEqual(missingFor(INPUTS, paths), []);
});

test('models are scored again as told: some, none, or else all that are here', () => {
  assert.deepEqual(modelsWanted('a,b'), ['a', 'b']);
  assert.deepEqual(modelsWanted('none'), []);
  assert.equal(modelsWanted(undefined), undefined);
});

test('models that are not named keep their records, with those of their adapters; what a training left is not made again', async (t) => {
  const committed = withTiny(t);
  const again = { ...scratchProject(t) };
  const model = (id: string) => ({ model: { id } });
  const headers: readonly (readonly [string, RecordHeader])[] = [
    ['runs/tiny/dev', { kind: 'run', ...model('tiny') }],
    ['runs/tiny+tuned/dev', { kind: 'run', ...model('tiny'), seed: 1 }],
    ['runs/other/dev', { kind: 'run', ...model('other') }],
    ['generations/tiny/dev', { kind: 'generation', ...model('tiny') }],
    ['generations/other/dev', { kind: 'generation', ...model('other') }],
    ['epochs/tiny', { kind: 'epochs', epochs: 1 }],
    ['facts/dev', { kind: 'facts' }],
  ];
  for (const [name, header] of headers)
    await openRecords(committed).ensure({ header, name, compute: async () => [rowOf(header.kind, 'a')] });
  const { taken, toBeMade } = takeRecords(committed, again, ['tiny']);
  const stems = (records: readonly string[]) =>
    records.map((record) => record.replace(/\.[0-9a-f]{12}$/, ''));
  assert.deepEqual(
    taken.map(({ record, why }) => [...stems([record]), why]),
    [
      ['epochs/tiny', 'what a training left (make adapters)'],
      ['generations/other/dev', '--models does not name other'],
      ['runs/other/dev', '--models does not name other'],
    ],
  );
  const listed: unknown = JSON.parse(readFileSync(toBeMade, 'utf8'));
  assert.ok(Array.isArray(listed));
  assert.deepEqual(stems(listed), [
    'facts/dev',
    'generations/tiny/dev',
    'runs/tiny+tuned/dev',
    'runs/tiny/dev',
  ]);
  assert.deepEqual(
    recordsIn(again),
    taken.map(({ record }) => record),
  );
});

test('another place of records is set for as long as it is wanted, whatever happens', async () => {
  const before = process.env['SMALL_CLAIMS_RECORDS'];
  const list = join(temporaryFolder('to-be-made'), 'list.json');
  writeFileSync(list, JSON.stringify(['runs/a/b.0123456789ab']));
  const place = { records: '/elsewhere', training: '/there' };
  const failing = withRecords(place, { make: list }, async () => {
    assert.equal(projectPaths().records, '/elsewhere');
    assert.equal(projectPaths().training, '/there');
    assert.ok(isToBeMade('runs/a/b.0123456789ab'));
    assert.equal(isToBeMade('runs/a/c.0123456789ab'), false);
    throw new Error('stopped');
  });
  await assert.rejects(failing, /stopped/);
  assert.equal(process.env['SMALL_CLAIMS_RECORDS'], before);
  assert.equal(isToBeMade('runs/a/b.0123456789ab'), false);
  await withRecords(place, {}, async () => assert.equal(isToBeMade('runs/a/b.0123456789ab'), false));
});
