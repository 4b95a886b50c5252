import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRows } from 'small-claims/datasets/row-check';
import type { Row } from 'small-claims/tasks/row';
import type { TaskOf } from 'small-claims/tasks/task';
import { madeUp, SHAPES } from '../tasks/made-up.js';
import { refusal } from './fixture.js';

const task: TaskOf<'spans'> = {
  ...{ name: 'drugs', title: 'Drugs', question: 'which', shape: 'spans', types: ['Drug'] },
  fields: { text: { optional: false }, more: { optional: true } },
  keys: { document: 'documentId', sources: 'sourceIds' },
};
const row: Row = {
  id: 'mine:all:1',
  gold: [{ type: 'Drug', start: 0, end: 4 }],
  keys: { document: ['d1'], sources: ['s1', 's2'] },
  texts: { text: 'Zinc.' },
};

test('rows as a reader may make them pass, of every shape', () => {
  checkRows([row], task, 'mine:all:');
  for (const shape of SHAPES) {
    const { task: made, rows } = madeUp(shape, 1);
    checkRows(rows, made, 'made-up:');
  }
});

test('what a reader of one’s own has made wrong is told by row and field', async () => {
  for (const [change, field, says] of [
    [{ id: 'other:all:1' }, 'id', /does not begin with mine:all:, in row other:all:1/],
    [{ id: 'mine:all:0' }, 'id', /given twice, in row mine:all:0/],
    [{ texts: { text: 'Zinc.', txt: 'x' } }, 'texts.txt', /not of the task drugs, which has text, more/],
    [{ texts: { text: ' ' } }, 'texts.text', /empty/],
    [{ keys: { doc: ['d1'] } }, 'keys.doc', /which has document, sources/],
    [{ keys: { document: ['a', 'b'] } }, 'keys.document', /2 values \(a, b\); documentId .* documentIds/],
    [{ gold: 'Drug' }, 'gold', /no list of spans/],
    [
      { gold: [{ type: 'Drug', start: 0, end: 6 }] },
      'gold',
      /reaches past the end of the text, which has 5 UTF-16/,
    ],
    [{ gold: [...[row.gold].flat(), ...[row.gold].flat()] }, 'gold', /overlap/],
  ] as readonly (readonly [Partial<Row>, string, RegExp])[]) {
    const rows = [
      { ...row, id: 'mine:all:0' },
      { ...row, ...change },
    ];
    const { at, message } = await refusal(() => checkRows(rows, task, 'mine:all:'));
    assert.equal(at.field, field);
    assert.match(message, says);
  }
});
