import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import { cellChecker } from 'small-claims/pipeline/check/cell-types';
import { readNotebook } from 'small-claims/pipeline/notebook/notebook';
import { type CellSource, markdown, scratchProject, writeNotebook } from '../scratch-project.js';

// One checker for all tests: it changes tslab for the process, and starting it takes a second.
const checker = cellChecker(process.cwd());
after(() => checker.close());

function failuresIn(t: TestContext, cells: readonly CellSource[]) {
  const paths = scratchProject(t);
  return checker.check(readNotebook(writeNotebook(paths, 'trial', cells)));
}

test('cells pass that the kernel would run: names declared anew, top-level await, imports, types of other cells', (t) => {
  const failures = failuresIn(t, [
    "import { readFileSync } from 'node:fs';\ninterface Row {\n  readonly id: number;\n}",
    markdown('# Prose'),
    'const rows: Row[] = [{ id: await Promise.resolve(1) }];',
    "const rows = 'text now';",
    "rows.length + readFileSync('x', 'utf8').length;",
  ]);
  assert.deepEqual(failures, []);
});

test('a type error is found with its cell and line, before anything runs', (t) => {
  const failures = failuresIn(t, [
    'process.exit(1);',
    markdown('# Prose'),
    'const rows = [1, 2];',
    '// A comment\nrows.map((row) => row.id);\nrows.nothing;',
  ]);
  assert.deepEqual(
    failures.map(({ cell, line, what }) => [cell, line, what]),
    [
      [3, 2, "Property 'id' does not exist on type 'number'."],
      [3, 3, "Property 'nothing' does not exist on type 'number[]'."],
    ],
  );
});

test('after the first wrong cell no others are blamed for what it did not declare', (t) => {
  const failures = failuresIn(t, ["const a: number = 'text';\nconst b = 1;", 'b + 1;']);
  assert.deepEqual(
    failures.map(({ cell }) => cell),
    [1],
  );
});

test('cells are held to strict TypeScript, as the lib is', (t) => {
  const failures = failuresIn(t, ['function length(text?: string) {\n  return text.length;\n}']);
  assert.deepEqual(
    failures.map(({ line, what }) => [line, what]),
    [[2, "'text' is possibly 'undefined'."]],
  );
});

test('a promise that nothing awaits is found, in a statement of any depth', (t) => {
  const failures = failuresIn(t, [
    'const load = async () => 1;\nawait load();\nvoid load();\nconst kept = load();',
    'for (const i of [1, 2]) {\n  load();\n}\nload();',
  ]);
  assert.deepEqual(
    failures.map(({ cell, line, what }) => [cell, line, what]),
    [
      [2, 2, 'this makes a promise that nothing awaits'],
      [2, 4, 'this makes a promise that nothing awaits'],
    ],
  );
});

test('a shorthand property of a name of another cell is found, which the kernel would not define', (t) => {
  const failures = failuresIn(t, [
    "import { join } from 'node:path';\nlet task = 'a';\nconst same = { task };\nsame;",
    'const own = 1;\n[{ own, task: task, id: task }].map(({ task }) => ({ task }));',
    'const made = {\n  task,\n  paths: [{ join }],\n};\n({ task } = made);',
  ]);
  assert.deepEqual(
    failures.map(({ cell, line, what }) => [cell, line, what]),
    [
      [3, 2, '{ task } of a name that another cell declares is not defined in the kernel'],
      [3, 3, '{ join } of a name that another cell declares is not defined in the kernel'],
      [3, 5, '{ task } of a name that another cell declares is not defined in the kernel'],
    ],
  );
  assert.equal(failures[0]?.hint, 'Write { task: task }.');
});

test('the types of the lib are those the cells see', (t) => {
  const failures = failuresIn(t, ["import { nothingSoCalled } from 'small-claims';\nnothingSoCalled;"]);
  assert.match(failures[0]?.what ?? '', /no exported member 'nothingSoCalled'/);
});
