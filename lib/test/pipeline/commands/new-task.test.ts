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

test('labels and types that hold commas are given as JSON, and a model is asked for words that can be read back', (t) => {
  const { paths, run, put } = ownProject(t);
  const labels = ['breast, left', 'breast, right', 'lung; upper'];
  for (const [name, ...shape] of [
    ['site', '--labels', JSON.stringify(labels)],
    ['sites', '--shape', 'some-of', '--labels', JSON.stringify(labels)],
    ['parts', '--types', '["Organ: left, right", "Tissue"]'],
  ] as const) {
    const { status, stderr } = run('new', 'task', name, ...shape);
    assert.equal(status, 0, stderr);
  }
  assert.deepEqual(namedBy(findTask('site', paths)), labels);
  assert.deepEqual(namedBy(findTask('parts', paths)), ['Organ: left, right', 'Tissue']);
  const asked = (name: string) => findPrompt(name, paths);
  assert.match(asked('site').question, /these: breast, left; breast, right; lung; upper\./);
  assert.match(asked('sites').instruction, /: breast left, breast right, lung upper\?/);
  assert.deepEqual(Object.values(asked('sites').answers), ['breast left', 'breast right', 'lung upper']);
  assert.match(asked('parts').question, /"Organ left, right: name"/);

  const file = put('sites.csv', 'note,sites', 'a lump here,"Breast, l.|lung; upper"', 'none at all,');
  const dataset = (...more: readonly string[]) =>
    run(
      ...[
        'new',
        'dataset',
        'lumps',
        '--file',
        file,
        '--task',
        'sites',
        '--columns',
        'text=note,gold=sites',
        ...more,
      ],
    );
  const refused = dataset('--labels', '{"x, y": "lung; upper"}');
  assert.match(refused.stderr, /--labels '\{"Breast, l\.":"LABEL"\}'/);
  const { status, stdout, stderr } = dataset('--labels', '{"Breast, l.": "breast, left"}');
  assert.equal(status, 0, stderr);
  assert.match(stdout, /2 rows \(breast, left 1, lung; upper 1; none in 1 row\)/);
});

test('JSON of anything but texts is refused with how it looks', (t) => {
  const { run, texts } = ownProject(t);
  const before = texts();
  for (const labels of ['["a", 1]', '[a, b]', '[]']) {
    const { status, stderr } = run('new', 'task', 'odd', '--labels', labels);
    assert.equal(status, 1);
    assert.match(stderr, /--labels begins as JSON and holds no texts: \[[\s\S]*'\["yes, but", "no"\]'/);
  }
  assert.deepEqual(texts(), before);
});
