import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readTable } from 'small-claims/datasets/formats/table';
import { refusal } from './fixture.js';

const read = (name: string, content: string | Uint8Array) => readTable(Buffer.from(content), name);
const ROWS = [
  ['Tea', 'yes'],
  ['Zinc', 'no'],
];

describe('a table as programs write it is the same table', () => {
  for (const [what, name, content, lines] of [
    ['CR LF', 'a.csv', 'text,gold\r\nTea,yes\r\nZinc,no\r\n', [2, 3]],
    ['CR LF in the first line alone', 'a.csv', 'text,gold\r\nTea,yes\nZinc,no\n', [2, 3]],
    ['CR LF in a later line alone', 'a.csv', 'text,gold\nTea,yes\r\nZinc,no\n', [2, 3]],
    ['CR alone', 'a.csv', 'text,gold\rTea,yes\rZinc,no\r', [2, 3]],
    [
      'a line that tells the separator',
      'a.csv',
      '\ufeffsep=;\r\ntext;gold\r\nTea;yes\r\nZinc;no\r\n',
      [3, 4],
    ],
    ['rows of separators', 'a.csv', 'text,gold\nTea,yes\n,\nZinc,no\n,\n,,,\n', [2, 4]],
    ['columns without name and content', 'a.csv', 'text,,gold,,\nTea,,yes,,\nZinc,,no,,\n', [2, 3]],
  ] as const) {
    test(what, () => {
      const { columns, rows } = read(name, content);
      assert.deepEqual(columns, ['text', 'gold']);
      assert.deepEqual(
        rows.map(({ cells }) => cells),
        ROWS,
      );
      assert.deepEqual(
        rows.map(({ line }) => line),
        lines,
      );
    });
  }

  test('columns of one name, or of none, are called by their place; one without a name is the index', () => {
    assert.deepEqual(read('a.csv', 'note,gold,note\na,yes,b\n').columns, [
      'note (column 1)',
      'gold',
      'note (column 3)',
    ]);
    assert.deepEqual(read('a.csv', ',gold,\na,yes,b\n').columns, ['(column 1)', 'gold', '(column 3)']);
    assert.deepEqual(read('a.csv', ',gold\n0,yes\n').columns, ['', 'gold']);
  });
});

describe('quotes in tab-separated text', () => {
  const cellsOf = (content: string) => read('a.tsv', content).rows.map(({ cells }) => cells);

  test('that would swallow rows are plain', () => {
    const content = 'gold\ttext\nyes\t"Tea\nno\tZinc\nyes\tand "milk"\nno\tor milk"\n';
    assert.deepEqual(cellsOf(content)[0], ['yes', '"Tea']);
    assert.equal(cellsOf(content).length, 4);
  });

  test('that hold a tab or a line end enclose a cell', () => {
    assert.deepEqual(cellsOf('gold\ttext\nyes\t"Tea\tand ""milk"""\nno\t"Zinc\nhere"\n'), [
      ['yes', 'Tea\tand "milk"'],
      ['no', 'Zinc\nhere'],
    ]);
  });
});

describe('a file of another form is refused with what it is and what to do', () => {
  const objects = JSON.stringify([{ text: 'Tea' }, { text: 'Zinc' }]);
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, row) => [row, 'Tea']));
  for (const [what, name, content, says] of [
    ['gzip', 'a.csv.gz', gzipSync('text,gold\n'), /compressed by gzip, not text\n.*gunzip/],
    ['a workbook called CSV', 'a.csv', 'PK\u0003\u0004\u0000', /workbook, not text\n.*as CSV/],
    ['Parquet', 'a.csv', 'PAR1\u0015\u0004', /Parquet, not text\n.*read_parquet/],
    ['a JSON list called JSON Lines', 'a.jsonl', objects, /1: not an object\n.*--format json/],
    ['rows under a key', 'a.json', `{"version": "1", "data": ${objects}}`, /seem to lie under "data"/],
    ['rows under the only key', 'a.json', `{"questions": ${objects}}`, /seem to lie under "questions"/],
    [
      'lists of cells',
      'a.json',
      '{"text": ["Tea", "Zinc"], "gold": ["yes", "no"]}',
      /columns seem to be lists.*records/,
    ],
    [
      'pandas’ columns',
      'a.json',
      JSON.stringify({ text: many, gold: many }),
      /are columns, not rows\n.*records/,
    ],
    ['a list of texts', 'a.json', '["Tea"]', /1: not an object\n.*Each row has to be an object/],
  ] as const) {
    test(what, async () => {
      const { at, message } = await refusal(() => read(name, content));
      assert.equal(at.file, name);
      assert.match(message, says);
      assert.ok(message.length < 300, `${message.length} characters`);
    });
  }
});
