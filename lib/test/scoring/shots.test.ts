import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from 'small-claims/project/error';
import { shotsAmong } from 'small-claims/scoring/run';
import type { Task } from 'small-claims/tasks/task';

const described = { title: 'T', question: 'what it is', fields: { text: { optional: false } }, keys: {} };
const sets: Task = { ...described, name: 'sets', shape: 'some-of', labels: ['a', 'b', 'c'] };
const one: Task = { ...described, name: 'one', shape: 'one-of', labels: ['a', 'b'] };

const shots = (count: number) => ({ count, from: 'own/rows/train' as const, seed: 1 });
const golds = <Gold>(all: readonly Gold[]) => all.map((gold) => ({ gold }));

test('shots of label sets take labels in turn by the first of each set, and pass over one that never stands first', () => {
  const rows = golds([['a', 'b'], ['a'], ['c'], ['a', 'b', 'c'], ['c']]);
  const drawn = shotsAmong(rows, shots(4), sets).map(({ gold }) => gold[0]);
  assert.deepEqual(drawn.slice(0, 2).toSorted(), ['a', 'c']);
  assert.equal(new Set(shotsAmong(rows, shots(5), sets)).size, 5);
  assert.throws(() => shotsAmong(rows, shots(6), sets), /own\/rows\/train has 5 rows, too few for 6 shots/);
});

test('rows without any label are shown first where there are such rows', () => {
  const rows = golds([['a'], [], ['b'], []]);
  assert.deepEqual(
    shotsAmong(rows, shots(4), sets).map(({ gold }) => gold),
    [[], ['a'], ['b'], []],
  );
});

test('shots of one label a row are even, or refused by the label that has too few', () => {
  const rows = golds(['a', 'a', 'b', 'a']);
  assert.deepEqual(
    shotsAmong(rows, shots(3), one).map(({ gold }) => gold),
    ['a', 'b', 'a'],
  );
  assert.throws(
    () => shotsAmong(rows, shots(4), one),
    (error) => error instanceof UserError && /has 1 row labelled b, too few for 4 shots/.test(error.message),
  );
});
