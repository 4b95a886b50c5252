import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judged } from 'small-claims/row-browser/judged';
import type { Task } from 'small-claims/tasks/task';

const described = {
  name: 'made-up',
  title: 'Made up',
  question: 'which',
  fields: { text: { optional: false } },
  keys: {},
};
const labels = ['a', 'b', 'c'];

test('a label is right or wrong, and no answer is wrong', () => {
  const task: Task = { ...described, shape: 'one-of', labels };
  assert.deepEqual(judged(task, 'a', 'a'), { right: true, score: 1 });
  assert.deepEqual(judged(task, 'a', 'b'), { right: false, score: 0 });
  assert.deepEqual(judged(task, 'a', null), { right: false, score: 0 });
});

test('of a row without gold nothing is said', () => {
  const task: Task = { ...described, shape: 'one-of', labels };
  assert.deepEqual(judged(task, undefined, 'a'), { right: null, score: null });
});

test('a set is right when it has the same labels in any order, and scored by the F1 of its labels', () => {
  const task: Task = { ...described, shape: 'some-of', labels };
  assert.deepEqual(judged(task, ['a', 'b'], ['b', 'a']), { right: true, score: 1 });
  assert.deepEqual(judged(task, ['a', 'b'], ['a']), { right: false, score: 2 / 3 });
  assert.deepEqual(judged(task, [], []), { right: true, score: 1 });
  assert.deepEqual(judged(task, [], ['c']), { right: false, score: 0 });
});

test('a span is found where type and both ends are those of gold', () => {
  const task: Task = { ...described, shape: 'spans', types: ['Drug', 'Dose'] };
  const gold = [{ type: 'Drug', start: 0, end: 4 }];
  assert.deepEqual(judged(task, gold, [{ end: 4, start: 0, type: 'Drug' }]), { right: true, score: 1 });
  for (const other of [
    { type: 'Dose', start: 0, end: 4 },
    { type: 'Drug', start: 0, end: 5 },
  ])
    assert.deepEqual(judged(task, gold, [other]), { right: false, score: 0 });
});

test('a number is right within a tenth of its range, the end of it included', () => {
  const task: Task = { ...described, shape: 'number', range: [1, 5], digits: 1 };
  assert.deepEqual(judged(task, 2, 2), { right: true, score: 1 });
  assert.equal(judged(task, 2, 2.4).right, true);
  assert.deepEqual(judged(task, 2, 3), { right: false, score: 0.75 });
});

test('a written text is right from a ROUGE-L of a half, told in a record or worked out', () => {
  const task: Task = { ...described, shape: 'text' };
  assert.deepEqual(judged(task, ['zinc helps'], { 'rouge-l': 0.5 }), { right: true, score: 0.5 });
  assert.deepEqual(judged(task, ['zinc helps'], 'zinc helps'), { right: true, score: 1 });
  assert.deepEqual(judged(task, ['zinc helps'], 'nothing of it'), { right: false, score: 0 });
});
