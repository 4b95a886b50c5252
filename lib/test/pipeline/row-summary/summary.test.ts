import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedWith, summaryOf } from 'small-claims/pipeline/row-summary/summary';
import { rowText, summaryText } from 'small-claims/pipeline/row-summary/summary-text';
import type { Gold, Row } from 'small-claims/tasks/row';
import type { Task } from 'small-claims/tasks/task';

const described = {
  ...{ name: 'mine', title: 'Mine', question: 'what' },
  fields: { text: { optional: false }, more: { optional: true } },
  keys: { patient: 'patientIds' },
};
const row = (
  id: string,
  gold: Gold,
  text: string,
  { more = '', patient = [] as readonly string[] } = {},
): Row => ({
  ...{ id, gold, keys: { patient } },
  texts: { text, more },
});

test('labels are counted in the order of the task, also those that no row has', () => {
  const task: Task = { ...described, shape: 'one-of', labels: ['yes', 'no', 'maybe'] };
  const rows = [row('1', 'no', 'a b c'), row('2', 'yes', 'a', { more: 'x y' }), row('3', 'no', 'a b')];
  const { answers, fields } = summaryOf(rows, task);
  assert.deepEqual(Object.entries(answers.counts), [
    ['yes', 1],
    ['no', 2],
    ['maybe', 0],
  ]);
  assert.deepEqual([answers.none, answers.spread], [0, null]);
  assert.deepEqual([fields['text']?.words?.median, fields['more']?.empty, fields['text']?.empty], [2, 2, 0]);
});

test('a set counts for each of its labels, an empty one for none; keys count by their values', () => {
  const task: Task = { ...described, shape: 'some-of', labels: ['pain', 'sleep'] };
  const rows = [
    row('1', ['pain', 'sleep'], 'a', { patient: ['p1', 'p2'] }),
    row('2', [], 'b', { patient: ['p2'] }),
    row('3', ['pain'], 'c'),
  ];
  const { answers, keys } = summaryOf(rows, task);
  assert.deepEqual([answers.counts, answers.none], [{ pain: 2, sleep: 1 }, 1]);
  assert.deepEqual(keys, { patient: { values: 2, none: 1 } });
});

test('numbers are told by their quartiles, as numpy has them', () => {
  const task: Task = { ...described, shape: 'number', range: [0, 10], digits: 1 };
  const rows = [4, 0, 1.5, 10].map((gold, at) => row(`${at}`, gold, 'a'));
  // numpy.quantile([4, 0, 1.5, 10], [0, .25, .5, .75, 1])
  assert.deepEqual(Object.values(summaryOf(rows, task).answers.spread ?? {}), [0, 1.125, 2.75, 5.5, 10]);
  assert.match(
    summaryText('x', summaryOf(rows, task), task),
    /answers +0 to 10, quartiles 1\.125, 2\.75, 5\.5\n/,
  );
});

test('written answers are told by their words, and no rows by nothing', () => {
  const task: Task = { ...described, shape: 'text' };
  const rows = [row('1', ['two words', 'one'], 'a'), row('2', ['now three words'], 'b')];
  assert.deepEqual(summaryOf(rows, task).answers.counts, {});
  assert.match(summaryText('x', summaryOf(rows, task), task), /answers +1 to 3 words, median 2\n/);
  assert.match(summaryText('x', summaryOf([], task), task), /^x: 0 rows of/);
  assert.match(rowText(rows[0] ?? row('', '', ''), task), /answer +two words \| one\n/);
});

test('rows are counted that share a key or, but for case and punctuation, a text; an empty text is none', () => {
  const task: Task = { ...described, shape: 'text' };
  const train = [
    row('1', ['x'], 'Tea helps.', { patient: ['p1', 'p2'] }),
    row('2', ['x'], 'Zinc.', { more: 'Salt' }),
  ];
  const tests = [
    row('3', ['x'], 'tea helps', { patient: ['p2'] }),
    row('4', ['x'], 'New', { patient: ['p3'] }),
    row('5', ['x'], 'Other', { patient: ['p3', 'p1'] }),
  ];
  assert.deepEqual(sharedWith(train, tests, task), { keys: { patient: 2 }, texts: { text: 1, more: 0 } });
});
