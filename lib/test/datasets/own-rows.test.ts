import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type OwnRowsOptions, ownRow, readOwnRows } from 'small-claims/datasets/own-rows';
import { findTask } from 'small-claims/tasks/task';
import { flawOf } from '../project/flaw.js';

const claims = findTask('claim-verification');

const read = (lines: readonly string[], options: OwnRowsOptions = {}, file = 'mine.csv', task = claims) =>
  readOwnRows(Buffer.from(`${lines.join('\n')}\n`), file, task, options);

test('columns are found by the names of fields or those that data sets give them, and need no gold', () => {
  const { rows, notes } = read([
    'abstract,statement,year',
    'Tea was drunk.,Tea  lengthens sleep.,2020',
    ',Salt helps.,',
  ]);
  assert.deepEqual(
    rows.map(({ id, line, texts, gold }) => ({ id, line, texts, gold })),
    [
      {
        ...{ id: '2', line: 2, gold: undefined },
        texts: { claim: 'Tea lengthens sleep.', evidence: 'Tea was drunk.' },
      },
      { id: '3', line: 3, gold: undefined, texts: { claim: 'Salt helps.', evidence: '' } },
    ],
  );
  assert.deepEqual(notes, ['mine.csv: id from the line, claim from "statement", evidence from "abstract"']);
});

test('columns, and the words for labels, can be told; an empty cell of gold is none', () => {
  const { rows } = read(['key,a,b,says', '7,Tea helps.,It did.,yes', '8,Tea harms.,It did not.,'], {
    columns: { id: 'key', claim: 'a', evidence: 'b', gold: 'says' },
    labels: { yes: 'SUPPORT', no: 'CONTRADICT' },
  });
  assert.deepEqual(
    rows.map(({ id, gold }) => [id, gold]),
    [
      ['7', 'SUPPORT'],
      ['8', undefined],
    ],
  );
});

test('rows with the same claim or evidence share its key, so that intervals draw them together', () => {
  const { rows } = read(['claim,evidence', 'Tea helps.,One.', 'tea helps.,Two.', 'Salt helps.,One.']);
  const [one, two, three] = rows.map(({ keys }) => keys);
  assert.deepEqual(one?.['claim'], two?.['claim']);
  assert.deepEqual(one?.['evidence'], three?.['evidence']);
  assert.notDeepEqual(one?.['claim'], three?.['claim']);
});

test('a column that is called as gold but holds other words is left aside, and told of by its line', () => {
  const { rows, notes } = read(['claim,label', 'Tea helps.,SUPPORT', 'Salt helps.,supported']);
  assert.ok(rows.every(({ gold }) => gold === undefined));
  assert.match(notes.at(-1) ?? '', /"label" is not read as gold \(line 3: unknown label "supported"/);
});

test('gold of a column that was named is held to the labels of the task, by file, line and column', () => {
  const { at, hint } = flawOf(() =>
    read(['claim,verdict', 'Tea helps.,SUPPORT', 'Salt helps.,Support'], { columns: { gold: 'verdict' } }),
  );
  assert.deepEqual(at, { file: 'mine.csv', line: 3, field: 'verdict' });
  assert.match(hint ?? '', /differs from "SUPPORT" in case.*--labels WORD=SUPPORT/);
});

test('what has no ending is read as it looks: CSV, TSV, JSON or JSON Lines, packed or not', () => {
  const wanted = [{ claim: 'Tea helps.', evidence: 'It did.' }];
  for (const text of [
    'claim,evidence\nTea helps.,It did.\n',
    'claim\tevidence\nTea helps.\tIt did.\n',
    `${JSON.stringify(wanted)}\n`,
    `${JSON.stringify(wanted[0])}\n`,
  ])
    for (const bytes of [Buffer.from(text), gzipSync(text)])
      assert.deepEqual(
        readOwnRows(bytes, 'standard input', claims).rows.map(({ texts }) => texts),
        wanted,
      );
});

test('a limit takes the first rows, and looks at no other', () => {
  const { rows } = read(['claim', 'Tea helps.', 'Salt helps.', '""'], { limit: 2 });
  assert.deepEqual(
    rows.map(({ id }) => id),
    ['2', '3'],
  );
});

test('a missing claim, an id that comes twice and a column that there is not are errors by line', () => {
  const empty = flawOf(() => read(['claim,evidence', 'Tea helps.,x', ',y']));
  assert.deepEqual(empty.at, { file: 'mine.csv', line: 3, field: 'claim' });
  const twice = flawOf(() => read(['n,claim', '1,Tea helps.', '1,Salt helps.'], { columns: { id: 'n' } }));
  assert.deepEqual(twice.at, { file: 'mine.csv', line: 3, field: 'n' });
  assert.match(twice.hint ?? '', /--columns id=/);
  const none = flawOf(() => read(['text,why', 'a,b'], { columns: { claim: 'txt' } }));
  assert.match(none.hint ?? '', /nearest is "text"/);
  const stray = flawOf(() => read(['claim', 'a'], { columns: { clam: 'claim' } }));
  assert.match(stray.message, /no field and no key "clam"/);
});

test('an id column whose ids come twice names no row where it was not asked for', () => {
  const { rows, notes } = read(['id,claim', '1,Tea helps.', '1,Salt helps.']);
  assert.match(notes.at(-1) ?? '', /mine.csv:3: the column "id" has "1" again/);
  assert.deepEqual(
    rows.map(({ id }) => id),
    ['2', '3'],
  );
});

test('the texts of a row can be told one by one', () => {
  const row = ownRow(['claim=Tea = sleep.', 'evidence= It  did. '], claims);
  assert.deepEqual(row.texts, { claim: 'Tea = sleep.', evidence: 'It did.' });
  assert.match(flawOf(() => ownRow(['clam=Tea'], claims)).hint ?? '', /nearest is "claim"/);
  assert.match(flawOf(() => ownRow(['evidence=Tea'], claims)).message, /no claim is given/);
  assert.match(flawOf(() => ownRow(['claim=Tea', 'helps'], claims)).hint ?? '', /quotes/);
});
