import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadBuild } from 'small-claims/datasets/builds';
import type { Paths } from 'small-claims/project/paths';
import { refusal } from './fixture.js';
import { ownProject } from './own-data.js';

const NAME = 'mine/rows/all';

const TASK = { fields: { text: {}, more: { optional: true } }, keys: { source: 'sourceId' } };
const ONE = { ...TASK, shape: 'one-of', labels: ['yes', 'not yet'] };
const SET = { ...TASK, shape: 'some-of', labels: ['pain', 'sleep'] };
const SPANS = { ...TASK, shape: 'spans', types: ['Drug'] };
const NUMBER = { ...TASK, shape: 'number', range: [0, 4] };
const COLUMNS = { id: 'id', gold: 'gold', fields: { text: 'text' } };

function project(
  task: object,
  columns: object,
  content: string,
  entry: object = {},
  name = 'mine.csv',
): Paths {
  return ownProject({ task, entry: { columns, ...entry }, files: { [name]: content } });
}

describe('what is wrong with a row is told by file, line and column', () => {
  const csv = (gold: string, { id = 'b', text = 'Tea' } = {}) =>
    `id,text,gold\na,"Two\nlines",yes\n${id},${text},${gold}\n`;
  const cases: readonly {
    readonly what: string;
    readonly task?: object;
    readonly content: string;
    readonly name?: string;
    readonly columns?: object;
    readonly line: number;
    readonly field: string;
    readonly says: RegExp;
  }[] = [
    {
      what: 'an unknown label',
      content: csv('no'),
      line: 4,
      field: 'gold',
      says: /unknown label "no"; known are yes, not yet\n.*`labels`/,
    },
    {
      what: 'a label that differs in case and hyphens from a known one',
      content: csv('Not-yet'),
      line: 4,
      field: 'gold',
      says: /unknown label "Not-yet".*\n.*differs from "not yet" in case, space or hyphens alone.*`labels`/,
    },
    { what: 'no label', content: csv(' '), line: 4, field: 'gold', says: /empty/ },
    {
      what: 'an id given twice',
      content: csv('yes', { id: 'a' }),
      line: 4,
      field: 'id',
      says: /row a is given twice, first in .*mine\.csv:2\n.*named by their line/,
    },
    {
      what: 'an empty id',
      content: csv('yes', { id: '' }),
      line: 4,
      field: 'id',
      says: /empty\n.*named by their line/,
    },
    {
      what: 'no text where the task wants one',
      content: csv('yes', { text: '" "' }),
      line: 4,
      field: 'text',
      says: /empty\n.*field text of my-task may not be empty/,
    },
    {
      what: 'a column that is not there',
      content: 'id,body,gold\n1,Tea,yes\n',
      line: 1,
      field: 'text',
      says: /no such column; the file has id, body, gold\n.*`columns`/,
    },
    {
      what: 'a number outside the range',
      task: NUMBER,
      content: csv('4.5').replace('yes', '1'),
      line: 4,
      field: 'gold',
      says: /"4\.5" is no number from 0 to 4/,
    },
    {
      what: 'a set with an unknown label',
      task: SET,
      content: csv('pain|slep').replace('yes', 'sleep'),
      line: 4,
      field: 'gold',
      says: /unknown label "slep".*\n.*nearest is "sleep"/,
    },
    {
      what: 'a flag that is neither 1 nor 0',
      task: SET,
      columns: { gold: ['pain', 'sleep'], fields: { text: 'text' } },
      content: 'text,pain,sleep\nTea,1,0\nTea,2,0\n',
      line: 3,
      field: 'pain',
      says: /"2" is neither 1 nor 0/,
    },
    {
      what: 'a set as another language writes lists',
      task: SET,
      content: csv(`"['pain', 'sleep']"`).replace('yes', 'sleep'),
      line: 4,
      field: 'gold',
      says: /no list in JSON, whose quotes are double/,
    },
    ...['b2|b1', 'b2, b1', '12;13', '["b2", "b1"]'].map((from) => ({
      what: `${from}, two values of a key of which a row has one`,
      columns: { ...COLUMNS, keys: { source: 'from' } },
      content: `id\ttext\tgold\tfrom\na\tTea\tyes\tb1\nb\tTea\tyes\t${from}\n`,
      name: 'mine.tsv',
      line: 3,
      field: 'from',
      says: /2 values: \w+ and \w+\n/,
    })),
    {
      what: 'an id that JSON rounds',
      content: '{"id": 12345678901234567891, "text": "Tea", "gold": "yes"}\n',
      name: 'mine.jsonl',
      line: 1,
      field: 'id',
      says: /is not what the file says\n.*quotes/,
    },
    ...(
      [
        ['spans that overlap', '[0, 4, "Drug"], [3, 5, "Drug"]', /"start":0.* and .*"start":3.* overlap/],
        ['the same span twice', '[0, 4, "Drug"], [0, 4, "Drug"]', /overlap/],
        ['a span of nothing', '[2, 2, "Drug"]', /holds no words of the text/],
        ['a span outside the text', '[0, 9, "Drug"]', /reaches past the end of the text, which has 5 UTF-16/],
        [
          'a span of other words',
          '{"start": 0, "end": 3, "type": "Drug", "text": "Zi"}',
          /is "Zin" in the text .*UTF-16/,
        ],
        [
          'a span of an unknown type',
          '[0, 4, "drug"]',
          /unknown type "drug"; known are .*\n.*differs from "Drug" in case.* What files call a type/,
        ],
        ['something else', '{"from": 0, "to": 4}', /is no span: it needs start, end and type/],
      ] as const
    ).map(([what, span, says]) => ({
      what,
      task: SPANS,
      content: `{"id": 1, "text": "Zinc.", "gold": []}\n{"id": 2, "text": "Zinc.", "gold": [${span}]}\n`,
      name: 'mine.jsonl',
      line: 2,
      field: 'gold',
      says,
    })),
  ];
  for (const {
    what,
    task = ONE,
    content,
    name = 'mine.csv',
    columns = COLUMNS,
    line,
    field,
    says,
  } of cases) {
    test(what, async () => {
      const paths = project(task, columns, content, {}, name);
      const { at, message } = await refusal(() => loadBuild(NAME, { paths }));
      assert.deepEqual(at, { file: join(paths.raw, 'mine', name), line, field });
      assert.match(message, says);
    });
  }

  test('two values of a key of which a row has one', async () => {
    const paths = project(
      ONE,
      { ...COLUMNS, keys: { source: 'from' } },
      '{"id": 1, "text": "Tea", "gold": "yes", "from": ["a", "b"]}\n',
      {},
      'mine.jsonl',
    );
    const { at, message } = await refusal(() => loadBuild(NAME, { paths }));
    assert.deepEqual([at.line, at.field], [1, 'from']);
    assert.match(message, /2 values: a and b\n.*has one source.*call it sourceIds/);
  });
});
