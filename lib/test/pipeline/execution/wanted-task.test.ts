import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { wantedTasks } from 'small-claims/pipeline/execution/wanted-task';
import { readNotebook } from 'small-claims/pipeline/notebook/notebook';
import { paperNotebooks } from 'small-claims/pipeline/notebook/paper-notebooks';
import { projectPaths } from 'small-claims/project/paths';

const wanted = (...sources: readonly string[]) =>
  wantedTasks({
    cells: sources.map((source, at) => ({
      ...{ type: 'code', source, number: at + 1, mayFail: source.includes('may fail'), raw: {} },
    })),
  });

test('what a notebook is about is read from its cells: task, titles, and the study where one is named', () => {
  assert.deepEqual(wanted('const study = openStudy();', "const task = onlyTask(study, 'a', ['X', 'Y']);"), [
    { study: undefined, task: 'a', titles: ['X', 'Y'] },
  ]);
  assert.deepEqual(wanted("const other = openStudy('full');\nonlyTask(other, 'a');"), [
    { study: 'full', task: 'a', titles: [] },
  ]);
  assert.deepEqual(wanted("onlyTask(openStudy('full'), 'b')"), [{ study: 'full', task: 'b', titles: [] }]);
});

test('a comment, a text and a cell that may fail say nothing', () => {
  assert.deepEqual(
    wanted("// onlyTask(study, 'a')", '"onlyTask(study, \'a\')"', "onlyTask(study, 'a') // may fail"),
    [],
  );
});

test('every notebook of the paper says so', () => {
  const paths = projectPaths();
  const { notebooks } = paths;
  const names = paperNotebooks(paths).named;
  assert.ok(names.length >= 5);
  for (const name of names) {
    const [first] = wantedTasks(readNotebook(join(notebooks, `${name}.ipynb`)));
    assert.equal(first?.task, 'claim-verification', name);
    assert.equal(first?.study, undefined);
  }
});
