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
    ['gzip', 'a.csv.gz', gzipSync('text,gold\nTea,yes\nZinc,no\n'), [2, 3]],
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
    ['gzip within gzip', 'a.csv.gz', gzipSync(gzipSync('text,gold\n')), /by gzip twice\n.*gunzip/],
    [
      'gzip that was cut short',
      'a.csv.gz',
      gzipSync(`text,gold\n${'Tea,yes\n'.repeat(9)}`).subarray(0, 30),
      /damaged or cut short/,
    ],
    [
      'a workbook within gzip',
      'a.csv.gz',
      gzipSync('PK\u0003\u0004'),
      /gzip, and within it .*workbook, not text/,
    ],
    [
      'a tar archive within gzip',
      'a.csv.gz',
      gzipSync(Buffer.concat([Buffer.alloc(257, 'a'), Buffer.from('ustar'), Buffer.alloc(99, 'b')])),
      /gzip, and within it a tar archive, not text\n.*tar xf/,
    ],
    ['tagged tokens', 'a.tsv', 'the\tO\nmice\tB-Animal\nthe\tO\n', /once more\n.*tagged tokens.*iob/],
    [
      'rows under several keys',
      'a.json',
      `{"train": ${objects}, "val": ${objects}}`,
      /Rows seem to lie under "train", "val"/,
    ],
    ['bzip2', 'a.tsv', 'BZh91AY', /bzip2, not text\n.*bunzip2/],
    [
      'a page that an address answered with',
      'a.csv',
      '<!DOCTYPE html>\n<p>404',
      /a page of HTML.*\n.*fetch it again/,
    ],
    [
      'a pointer to a large file',
      'a.jsonl',
      'version https://git-lfs.github.com/spec/v1\n',
      /Git LFS.*\n.*git lfs pull/,
    ],
    [
      'UTF-16 without a mark',
      'a.csv',
      Buffer.from('text,gold\nTea,yes\n', 'utf16le'),
      /1: a NUL character.*\n.*UTF-16/,
    ],
    [
      'NaN as Python writes it',
      'a.json',
      '[{"text": "Tea", "gold": NaN}]',
      /not JSON.*\n.*NaN and Infinity are no JSON/,
    ],
    [
      'two files put together',
      'a.csv',
      'text,gold\nTea,yes\ntext,gold\nZinc,no\n',
      /3: the names of the columns once more/,
    ],
    [
      'a title above the names',
      'a.csv',
      'My rows\ntext,gold\nTea,yes\n',
      /2: 2 cells in a row under 1 column\n.*a title/,
    ],
    [
      'lists in lists without end',
      'a.json',
      `[{"text": ${'['.repeat(5000)}${']'.repeat(5000)}}]`,
      /200 deep/,
    ],
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
