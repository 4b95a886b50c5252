import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lines, loadOwn, NAMES, TOPICS } from './own-data.js';

describe('offsets that count characters, as in Python', () => {
  const names = (label: unknown, table?: object) =>
    loadOwn({
      task: NAMES,
      entry: { columns: { gold: 'label', fields: { text: 'text' } }, ...(table && { table }) },
      files: { 'names.jsonl': lines(JSON.stringify({ text: '😀 of zinc', label })) },
    });
  const zinc = [{ type: 'Drug', start: 6, end: 10 }];

  test('are known by the words of a span, or from the entry', async () => {
    assert.deepEqual((await names([{ start: 5, end: 9, type: 'Drug', text: 'zinc' }]))[0]?.gold, zinc);
    assert.deepEqual((await names([[5, 9, 'Drug']], { offsets: 'characters' }))[0]?.gold, zinc);
    assert.deepEqual((await names([[6, 10, 'Drug']], { offsets: 'utf-16' }))[0]?.gold, zinc);
  });

  test('are refused where neither tells', async () => {
    await assert.rejects(names([[5, 9, 'Drug']]), /names\.jsonl:1: label: \[5,9,"Drug"\] .*table\.offsets/);
  });
});

describe('keys of which a row may have several', () => {
  for (const [cell, values] of [
    ['b2|b1', ['b2', 'b1']],
    ['b2; b1', ['b2', 'b1']],
    ['"b2,b1"', ['b2', 'b1']],
    ['"[""b2"", ""b1""]"', ['b2', 'b1']],
    ['"Doe, Jane|Roe"', ['Doe, Jane', 'Roe']],
    ['"Smith, J"', ['Smith, J']],
    ['', []],
  ] as const) {
    test(`${cell || 'an empty cell'} is ${values.length}`, async () => {
      const [row] = await loadOwn({
        task: TOPICS,
        entry: { columns: { gold: 'topics', fields: { text: 'text' }, keys: { source: 'from' } } },
        files: { 'topics.csv': lines('text,topics,from', `Tea,sleep,${cell}`) },
      });
      assert.deepEqual(row?.keys, { source: values });
    });
  }
});
