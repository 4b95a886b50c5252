import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPrompt } from 'small-claims/tasks/prompt';
import { findTask, namedBy } from 'small-claims/tasks/task';
import { ownProject } from './own-project.js';

test('small-claims new task writes a task of any shape and a prompt for it', (t) => {
  const { paths, run } = ownProject(t);
  const cases: readonly (readonly [string, ...string[]])[] = [
    ['urgency', '--labels', 'now,today,later', '--fields', 'note,history'],
    ['topics', '--shape', 'some-of', '--labels', 'pain,sleep'],
    ['likeness', '--shape', 'number', '--range', '0,5', '--fields', 'first,second'],
    ['drugs', '--shape', 'spans', '--types', 'Drug,Dose'],
    ['doses', '--types', 'Dose'],
    ['names', '--shape', 'spans', '--labels', 'Name'],
    ['summary', '--shape', 'text', '--fields', 'dialogue'],
  ];
  for (const args of cases) {
    const { status, stderr } = run('new', 'task', ...args);
    assert.equal(status, 0, stderr);
  }
  assert.deepEqual(
    cases.map(([name]) => {
      const { shape, fields } = findTask(name, paths);
      return [name, shape, Object.keys(fields), Object.keys(findPrompt(name, paths).fields).toSorted()];
    }),
    [
      ['urgency', 'one-of', ['note', 'history'], ['history', 'note']],
      ['topics', 'some-of', ['text'], ['text']],
      ['likeness', 'number', ['first', 'second'], ['first', 'second']],
      ['drugs', 'spans', ['text'], ['text']],
      ['doses', 'spans', ['text'], ['text']],
      ['names', 'spans', ['text'], ['text']],
      ['summary', 'text', ['dialogue'], ['dialogue']],
    ],
  );
  assert.deepEqual(
    ['drugs', 'doses', 'names'].map((name) => namedBy(findTask(name, paths))),
    [['Drug', 'Dose'], ['Dose'], ['Name']],
  );
});
