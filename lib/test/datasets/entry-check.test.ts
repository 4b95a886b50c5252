import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildHeader, loadBuild } from 'small-claims/datasets/builds';
import { refusal } from './fixture.js';
import { ownProject } from './own-data.js';

const NAME = 'mine/rows/all';

const TASK = { fields: { text: {}, more: { optional: true } }, keys: { source: 'sourceId' } };
const ONE = { ...TASK, shape: 'one-of', labels: ['yes', 'not yet'] };
const SET = { ...TASK, shape: 'some-of', labels: ['pain', 'sleep'] };
const NUMBER = { ...TASK, shape: 'number', range: [0, 4] };
const COLUMNS = { gold: 'gold', fields: { text: 'text' } };
const ENTRY = { columns: COLUMNS };
const files = { 'mine.csv': 'never read', 'copy.csv': 'never read' };

/** An entry that goes wrong, the field of it that is named, and what is said. */
type Mistake = readonly [what: string, task: object, entry: object, field: string, says: RegExp];
const columns = (more: object) => ({ columns: { ...COLUMNS, ...more } });

const MISTAKES: readonly Mistake[] = [
  ['a task', ONE, { ...ENTRY, task: 'my-tsk' }, 'task', /no task "my-tsk"\n.*nearest is "my-task"/],
  [
    'a field',
    ONE,
    columns({ fields: { text: 'text', mroe: 'x' } }),
    'columns.fields.mroe',
    /no field "mroe"\n.*nearest is "more"/,
  ],
  [
    'a key',
    ONE,
    columns({ keys: { sorce: 'x' } }),
    'columns.keys.sorce',
    /no key "sorce"\n.*nearest is "source".* add keys: \{ sorce: sorceId \} to the task my-task in data\/tasks\.yaml/,
  ],
  ['a label', ONE, { ...ENTRY, labels: { y: 'yse' } }, 'labels.y', /no label "yse"\n.*nearest is "yes"/],
  [
    'labels of numbers',
    NUMBER,
    { ...ENTRY, labels: { y: 'yes' } },
    'labels.y',
    /no label "yes"\n.*There is none/,
  ],
  [
    'a field left out',
    ONE,
    columns({ fields: { more: 'text' } }),
    'columns.fields',
    /no column for the field text/,
  ],
  [
    'several columns for one label',
    ONE,
    columns({ gold: ['yes', 'not yet'] }),
    'columns.gold',
    /several columns make a set/,
  ],
  ['a flag that is no label', SET, columns({ gold: ['pain', 'slep'] }), 'columns.gold', /no label "slep"/],
  [
    'a field that shows the answers',
    ONE,
    columns({ fields: { text: 'text', more: 'gold' } }),
    'columns.fields.more',
    /"gold" is the column of the answers already/,
  ],
  [
    'two fields of one column',
    ONE,
    columns({ fields: { text: 'text', more: 'text' } }),
    'columns.fields.more',
    /"text" is the column of the field text already/,
  ],
  [
    'a file in two splits',
    ONE,
    { ...ENTRY, splits: { all: 'mine.csv', test: 'mine.csv' } },
    'splits.test',
    /mine\.csv holds the rows of all too/,
  ],
  [
    'a copy of a file in another split',
    ONE,
    { ...ENTRY, splits: { all: 'mine.csv', test: 'copy.csv' } },
    'splits.test',
    /copy\.csv holds the rows of all too/,
  ],
  [
    'a file that is not listed',
    ONE,
    { ...ENTRY, splits: { all: 'mien.csv' } },
    'splits.all',
    /no "mien\.csv" is among its files\n.*Did you mean "mine\.csv"/,
  ],
  [
    'a sample of no build',
    ONE,
    { ...ENTRY, builds: { rows: {}, few: { sample: { of: 'row', size: 2 } } } },
    'builds.few.sample.of',
    /"row" is no build to draw from; there is rows/,
  ],
  ['a table without columns', ONE, {}, '', /columns: missing\n.*gold: COLUMN/],
];

describe('an entry that does not fit its task, or itself, is told by line and field before any data is read', () => {
  for (const [what, task, entry, field, says] of MISTAKES) {
    test(what, async () => {
      const paths = ownProject({ task, entry: { splits: { all: 'mine.csv' }, ...entry }, files });
      for (const attempt of [() => loadBuild(NAME, { paths }), () => buildHeader(NAME, paths)]) {
        const { at, message } = await refusal(attempt);
        assert.deepEqual(
          [at.file, at.field],
          [paths.datasetsFile, ['mine', field].filter(Boolean).join('.')],
        );
        assert.ok((at.line ?? 0) > 1, `line ${at.line}`);
        assert.match(message, says);
      }
    });
  }

  test('a reader that there is not', async () => {
    const paths = ownProject({
      task: ONE,
      entry: { ...ENTRY, splits: { all: 'mine.csv' }, reader: 'tabel' },
      files,
    });
    const { at, message } = await refusal(() => loadBuild(NAME, { paths }));
    assert.deepEqual([at.file, at.field], [paths.datasetsFile, 'mine.reader']);
    assert.ok((at.line ?? 0) > 1, `line ${at.line}`);
    assert.match(message, /nearest is "table"/);
  });
});
