import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { formatCells, longCells, styleFlaws } from 'small-claims/pipeline/check/cell-style';
import {
  notebookNames,
  notebookPath,
  readNotebook,
  strippedText,
  withSources,
} from 'small-claims/pipeline/notebook/notebook';
import { projectPaths } from 'small-claims/project/paths';
import { type CellSource, scratchProject, writeNotebook } from '../scratch-project.js';

/** Where Biome's settings are. */
const { root: ROOT } = projectPaths();

const notebook = (t: TestContext, cells: readonly CellSource[], name = 'one') =>
  readNotebook(writeNotebook(scratchProject(t), name, cells));

const UNTIDY = 'const rows = [1,2].map( (row)=>row+1 )\nconsole.log( "rows", rows )';
const TIDY = "const rows = [1, 2].map((row) => row + 1);\nconsole.log('rows', rows);";

test('cells are written as the lib is, prose and blank cells are not touched, and of the file nothing else changes', (t) => {
  const before = notebook(t, [{ markdown: 'a  "b"' }, UNTIDY, '  ', 'await  rows']);
  const [after, other] = formatCells([before, notebook(t, ['1'], 'two')], ROOT);
  assert.ok(after && other);
  assert.deepEqual(
    after.cells.map(({ source }) => source),
    ['a  "b"', TIDY, '  ', 'await rows;'],
  );
  assert.deepEqual(
    other.cells.map(({ source }) => source),
    ['1;'],
  );
  const tidy = notebook(t, [{ markdown: 'a  "b"' }, TIDY, '  ', 'await rows;']);
  assert.equal(strippedText(after), strippedText(tidy));
  assert.deepEqual(formatCells([after], ROOT)[0]?.cells, after.cells, 'what is formatted stays as it is');
});

test('a notebook whose cells stay as they are is written byte for byte as it was', () => {
  const [name = ''] = notebookNames();
  const path = notebookPath(name);
  const text = readFileSync(path, 'utf8');
  assert.equal(strippedText(withSources(readNotebook(path), new Map())), text);
});

test('a cell that is not formatted is told with its first line that differs', (t) => {
  const one = notebook(t, ['const a = 1;', `const b = a;\n${UNTIDY}`, 'b;\n']);
  const two = notebook(t, [TIDY], 'two');
  const flaws = styleFlaws([one, two], ROOT);
  assert.deepEqual(
    flaws.get(one)?.map(({ cell, line, what }) => [cell, line, what]),
    [
      [2, 2, 'not formatted as the lib is'],
      [3, 2, 'not formatted as the lib is'],
    ],
  );
  assert.deepEqual(flaws.get(two), []);
});

test('a line that the formatter cannot break may have 120 characters', (t) => {
  const line = (length: number) => `// ${'x'.repeat(length - 3)}`;
  const one = notebook(t, [`${line(120)}\n\n${line(121)}`]);
  assert.deepEqual(styleFlaws([one], ROOT).get(one), [
    { cell: 1, line: 3, what: '121 characters in a line: at most 120' },
  ]);
});

test('the linter takes a notebook’s cells as one: what another cell uses is used', (t) => {
  const one = notebook(t, [
    "import { mean, sum } from 'small-claims';",
    '// Two lines\nconst total = sum([1, 2]);\nconst left: any = total;',
    'const shown = total;\nshown;',
  ]);
  const found = (styleFlaws([one], ROOT).get(one) ?? []).map(({ cell, line, what }) => [
    cell,
    line,
    /\((.*)\)$/.exec(what)?.[1],
  ]);
  assert.deepEqual(found.sort(), [
    [1, 1, 'lint/correctness/noUnusedImports'],
    [2, 3, 'lint/correctness/noUnusedVariables'],
    [2, 3, 'lint/suspicious/noExplicitAny'],
  ]);
});

test('a cell that cannot be read is left as it is, and of its notebook only the compiler tells', (t) => {
  const one = notebook(t, ['const a = 1;', 'const b = 2;\nconst = 3;']);
  assert.deepEqual(formatCells([one], ROOT)[0]?.cells, one.cells);
  assert.deepEqual(styleFlaws([one], ROOT).get(one), []);
});

test('a cell of more than 60 lines is long', (t) => {
  const lines = (count: number) => Array.from({ length: count }, (_, line) => `${line};`).join('\n');
  const one = notebook(t, [lines(60), lines(61)]);
  assert.deepEqual(longCells(one), [{ cell: 2, what: '61 lines: at most 60' }]);
});
