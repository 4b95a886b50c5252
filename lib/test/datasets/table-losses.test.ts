import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseJson } from 'small-claims/datasets/formats/json';
import { parseJsonLines } from 'small-claims/datasets/formats/jsonl';
import { readTable } from 'small-claims/datasets/formats/table';
import { z } from 'zod';
import { refusal } from './fixture.js';

const read = (name: string, content: string) => readTable(Buffer.from(content), name);

describe('a key that an object has twice is refused by line and key, since one value would be lost', () => {
  const cases: readonly (readonly [string, string, string, number, string])[] = [
    ['a line of JSON Lines', 'a.jsonl', '{"id": 1}\n{"id": 2, "text": "Tea", "text": "Zinc"}\n', 2, 'text'],
    ['another value after it', 'a.jsonl', '{"id": 1, "of": {"a": 1}, "id": 2}\n', 1, 'id'],
    ['an object within a list', 'a.jsonl', '{"spans": [{"start": 1, "start": 2}]}\n', 1, 'start'],
    ['a key written in two ways', 'a.jsonl', '{"text": "Tea", "t\\u0065xt": "Zinc"}\n', 1, 'text'],
    ['an object of a list, on a line of its own', 'a.json', '[\n{"id": 1},\n{"id": 2,\n"id": 3}\n]', 4, 'id'],
    ['an id of an object by ids', 'a.json', '{"7": {"text": "Tea"},\n "7": {"text": "Zinc"}}', 2, '7'],
  ];
  for (const [what, name, content, line, field] of cases) {
    test(what, async () => {
      const { at, message } = await refusal(() => read(name, content));
      assert.deepEqual(at, { file: name, line, field });
      assert.match(message, /given twice in one object\n.*lost/);
    });
  }

  test('also by the readers of releases', async () => {
    const bytes = Buffer.from('{"id": 1, "id": 2}\n');
    for (const parse of [parseJson, parseJsonLines]) {
      const { at } = await refusal(() => parse(bytes, 'a', z.looseObject({})));
      assert.deepEqual(at, { file: 'a', line: 1, field: 'id' });
    }
  });

  test('not where two objects have it, or a text looks like a key', () => {
    const content =
      '{"id": 1, "of": {"id": 2}, "all": [{"id": 3}, {"id": 4}], "text": "\\"id\\": 5, {\\"id\\": 6"}\n';
    assert.equal(read('a.jsonl', content).rows.length, 1);
  });
});

describe('a quotation mark that is plain text does not swallow rows of CSV', () => {
  const table = (...rows: readonly string[]) =>
    ['id,text,gold', '1,Tea,yes', ...rows, '9,Milk,no', ''].join('\n');
  const cases: readonly (readonly [string, string, number, RegExp])[] = [
    ['to the end of the file', table('2,"5 mg,yes', '3,Zinc,no'), 3, /begins here is not closed/],
    [
      'to the next cell in quotes',
      table('2,"5 mg,yes', '3,"Zinc, daily",no'),
      3,
      /Invalid Closing Quote: got "Z" at line 4/,
    ],
    [
      'to another such mark, so that the table looks sound',
      table('2,"5 mg,yes', '3,Zinc,no', '4,a plaster of 5",no'),
      3,
      /holds 3 lines that look like rows/,
    ],
    [
      'after a cell of several lines in the same row',
      'a,b,gold\nx,y,no\nz,v,no\n"Tea\n, milk","5 mg,yes\nx,y,no\nz,5",no\n',
      5,
      /holds 3 lines that look like rows/,
    ],
  ];
  for (const [what, content, line, says] of cases) {
    test(what, async () => {
      const { at, message } = await refusal(() => read('a.csv', content));
      assert.deepEqual(at, { file: 'a.csv', line });
      assert.match(message, says);
      assert.match(message, /a quote is written twice/);
    });
  }

  test('nor rows of TSV, where another cell holds a tab so that quotes have to enclose', async () => {
    const rows = [
      'id\ttext\tgold',
      '1\tTea\tyes',
      '2\t"Milk\tand tea"\tno',
      '3\t"5 mg\tyes',
      '4\tZinc\tno',
      '5\ta plaster of 5"\tno',
      '6\tSalt\tyes',
    ];
    const { at, message } = await refusal(() => read('a.tsv', `${rows.join('\n')}\n`));
    assert.deepEqual(at, { file: 'a.tsv', line: 4 });
    assert.match(message, /holds 3 lines that look like rows/);
  });

  test('cells of several lines stay cells, also with as many commas as a row has', () => {
    const long = ['2,"Tea, hot,\nor cold, with milk,\nand sugar, or not",yes', '3,"Zinc\nor, salt",no'];
    assert.deepEqual(
      read('a.csv', table(...long)).rows.map(({ line }) => line),
      [2, 3, 6, 8],
    );
  });
});
