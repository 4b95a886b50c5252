import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { projectPaths } from 'small-claims/project/paths';
import { PUBLISHED_MIME } from 'small-claims/reporting/display';
import { publishFigure } from 'small-claims/reporting/figure';
import { publishTable } from 'small-claims/reporting/table';
import { publishValue, type Value } from 'small-claims/reporting/value';

let staging = '';
beforeEach(() => {
  staging = mkdtempSync(join(tmpdir(), 'staging-'));
  process.env['SMALL_CLAIMS_NOTEBOOK'] = '04-artifact';
  process.env['SMALL_CLAIMS_OUT'] = staging;
});
afterEach(() => {
  delete process.env['SMALL_CLAIMS_NOTEBOOK'];
  delete process.env['SMALL_CLAIMS_OUT'];
  rmSync(staging, { recursive: true });
});

const value = (more: Partial<Value> = {}): Value => ({
  id: 'rule-accuracy',
  number: 0.7288888888888889,
  format: 'percent',
  sources: [],
  ...more,
});
const published = (file: string) => JSON.parse(readFileSync(join(staging, file), 'utf8'));
const bars = {
  data: { values: [{ label: 'NEI', share: 1 }] },
  mark: 'bar',
  encoding: { y: { field: 'label' }, x: { field: 'share', type: 'quantitative' } },
};

test('a published value keeps the full number beside the one that is read', () => {
  publishValue(value({ n: 450 }));
  const { number, display, notebook, n } = published('values/rule-accuracy.json');
  assert.deepEqual([number, display, notebook, n], [0.7288888888888889, '72.9', '04-artifact', 450]);
});

test('a record named as a source leaves its path in the project, its hash, header and making, and none of its rows', () => {
  const sealed = {
    header: { kind: 'run' },
    rows: [{ id: '1', logprobs: [0, 0, 0] }],
    path: join(projectPaths().root, 'data', 'records', 'runs', 'a.jsonl.gz'),
    sha256: 'f'.repeat(64),
    origin: 'replayed',
    making: {
      madeAt: '2026-11-20T10:00:00.000Z',
      machine: { cpu: 'Example CPU', cores: 2, memoryGiB: 8, system: 'linux x64', node: 'v20' },
      milliseconds: [1],
    },
  } as const;
  publishValue(value({ sources: [sealed] }));
  assert.deepEqual(published('values/rule-accuracy.json').sources, [
    {
      path: 'data/records/runs/a.jsonl.gz',
      sha256: 'f'.repeat(64),
      origin: 'replayed',
      madeAt: '2026-11-20T10:00:00.000Z',
      machine: 'Example CPU, 2 cores',
      header: { kind: 'run' },
      rows: 1,
    },
  ]);
});

test('an id is published once in a notebook, and a value and a table may share it', () => {
  publishValue(value());
  publishTable({ id: 'rule-accuracy', caption: 'c', columns: [], rows: [], sources: [] });
  assert.throws(() => publishValue(value()), /notebooks\/04-artifact\.ipynb: .*"rule-accuracy" twice/);
});

for (const id of ['Rule', 'rule_accuracy', 'rule accuracy', '../rule', '', '-rule', 'rule-']) {
  test(`"${id}" is no id`, () => {
    assert.throws(() => publishValue(value({ id })), /cannot name a value/);
  });
}

test('by hand, outside the runner, nothing is written and an id may be used again', () => {
  delete process.env['SMALL_CLAIMS_OUT'];
  publishValue(value());
  publishValue(value());
  assert.equal(existsSync(join(staging, 'values')), false);
});

test('what is to be said of cells stands under the table, once for those of which it is the same', () => {
  const columns = [{ id: 'model', title: 'Model' }, { id: 'f1', title: 'F1', format: 'percent' } as const];
  const note = 'not defined, since nothing is named, gold or answered; it counts as 0';
  const rows = [
    ['A', { number: 0, note }],
    ['B', { number: 0, note }],
    ['C', 0.5],
  ];
  publishTable({ id: 'noted', caption: 'c', columns, rows, notes: ['Rows: 60.'], sources: [] });
  assert.deepEqual(published('tables/noted.json').notes, ['Rows: 60.', `F1 of A; B: ${note}.`]);
});

test('a table is refused if a row is short, or a number has no format', () => {
  const table = { id: 't', caption: 'c', columns: [{ id: 'a', title: 'A' }], sources: [] };
  assert.throws(() => publishTable({ ...table, rows: [[]] }), /row 1 has 0 cells/);
  assert.throws(() => publishTable({ ...table, rows: [[1]] }), /"a" has a number but no format/);
  assert.equal(existsSync(join(staging, 'tables')), false);
});

test('a figure needs a caption and a text for those who cannot see it', async () => {
  const figure = { id: 'f', caption: 'c', alt: 'a', spec: bars, sources: [] };
  await assert.rejects(publishFigure({ ...figure, alt: ' ' }), /"f" has no alt/);
  await assert.rejects(publishFigure({ ...figure, caption: '' }), /"f" has no caption/);
  await publishFigure(figure);
  assert.match(readFileSync(join(staging, 'figures', 'f.svg'), 'utf8'), /^<svg role="img" aria-label="a"/);
});

test('inside a tslab kernel the announcement travels with what is shown', () => {
  const shown: { data: Record<string, unknown> }[] = [];
  // tslab keeps the function that displays in this module of its own; one by that name stands in for it.
  const kernel = join(staging, 'tslab', 'dist', 'jupyter.js');
  mkdirSync(join(staging, 'tslab', 'dist'), { recursive: true });
  writeFileSync(kernel, 'exports.lastWriteDisplayData = null;');
  const require = createRequire(import.meta.url);
  require(kernel).lastWriteDisplayData = (content: { data: Record<string, unknown> }) => shown.push(content);
  try {
    publishValue(value({ id: 'a', description: '<b>accuracy</b>' }));
    publishTable({
      id: 'b',
      caption: 'x < y',
      columns: [{ id: 'm', title: 'M&M' }],
      rows: [['<script>']],
      sources: [],
    });
  } finally {
    delete require.cache[kernel];
  }
  assert.deepEqual(
    shown.map(({ data }) => data[PUBLISHED_MIME]),
    [
      { kind: 'value', id: 'a' },
      { kind: 'table', id: 'b' },
    ],
  );
  const html = shown.map(({ data }) => String(data['text/html']));
  assert.match(html[0] ?? '', /&lt;b&gt;accuracy/);
  assert.match(html[1] ?? '', /x &lt; y.*M&amp;M.*&lt;script&gt;/s);
  assert.match(String(shown[1]?.data['text/plain']), /M&M\n<script>/);
});
