import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { NotebookFailure } from 'small-claims/pipeline/notebook/failure';
import { readNotebook } from 'small-claims/pipeline/notebook/notebook';
import { runNotebook } from 'small-claims/pipeline/notebook/runner';
import type { Paths } from 'small-claims/project/paths';
import { stillRunning } from '../processes.js';
import { type CellSource, markdown, scratchProject, writeNotebook } from '../scratch-project.js';

interface Trial {
  readonly cells: readonly CellSource[];
  readonly timeoutSeconds?: number;
}

async function runCells(t: TestContext, { cells, timeoutSeconds = 60 }: Trial) {
  const paths = scratchProject(t);
  const notebook = readNotebook(writeNotebook(paths, 'trial', cells));
  const staging = join(paths.build, 'staging');
  mkdirSync(staging, { recursive: true });
  const progress: string[] = [];
  const listener = { onCell() {}, onProgress: (state: string) => progress.push(state), onStderr() {} };
  const run = () => runNotebook(notebook, paths, { staging, study: 'small', timeoutSeconds, listener });
  return { paths, staging, progress, run };
}

async function failureOf(t: TestContext, trial: Trial): Promise<{ failure: NotebookFailure; paths: Paths }> {
  const { paths, run } = await runCells(t, trial);
  try {
    await run();
  } catch (error) {
    if (error instanceof NotebookFailure) return { failure: error, paths };
    throw error;
  }
  throw new assert.AssertionError({ message: 'the notebook ran to its end' });
}

test('a notebook that ends well is saved with its outputs, the same each time', async (t) => {
  const { run, staging } = await runCells(t, {
    cells: [
      markdown('# Trial'),
      'const a: number = 1;\nconsole.log("a is", a);',
      "import { display } from 'tslab';\ndisplay.html('<b>bold</b>');",
      '',
      'a + 1',
    ],
  });
  const first = await run();
  assert.equal(first.cells, 3, 'markdown and blank cells do not count');
  const cells = JSON.parse(first.executed).cells;
  assert.deepEqual(cells[1].outputs, [{ name: 'stdout', output_type: 'stream', text: 'a is 1\n' }]);
  assert.deepEqual(cells[2].outputs, [
    { data: { 'text/html': '<b>bold</b>' }, metadata: {}, output_type: 'display_data' },
  ]);
  assert.deepEqual(
    cells.map((cell: { execution_count?: number | null }) => cell.execution_count),
    [undefined, 1, 2, null, 3],
  );
  assert.deepEqual(JSON.parse(readFileSync(join(staging, 'manifest.json'), 'utf8')), {
    notebook: 'trial',
    published: [],
  });
  assert.equal((await run()).executed, first.executed);
});

test('what cells show, publish and report goes where it belongs', async (t) => {
  const { run, staging, progress } = await runCells(t, {
    cells: [
      "console.log(process.env['SMALL_CLAIMS_NOTEBOOK'], process.env['SMALL_CLAIMS_OUT'], process.env['STUDY'])",
      "import { display, newDisplay } from 'tslab';\nconst shown = newDisplay();\nshown.text('one');\nconsole.log('after');",
      "shown.text('two');",
      `display.raw('application/vnd.small-claims.published+json', '{"kind":"value","id":"answer"}');`,
      `display.raw('application/vnd.small-claims.progress+json', '{"title":"scoring"}');`,
    ],
  });
  const { executed, published } = await run();
  const outputs = JSON.parse(executed).cells.map((cell: { outputs: object[] }) => cell.outputs);

  await t.test('a cell knows the notebook, the folder to publish to and the study', () => {
    assert.equal(outputs[0][0].text, `trial ${staging} small\n`);
  });
  await t.test('a display that a later cell updates keeps its place and its last state', () => {
    assert.deepEqual(outputs[1][0].data, { 'text/plain': 'two' });
    assert.equal(outputs[1][1].text, 'after\n');
    assert.deepEqual(outputs[2], []);
  });
  await t.test('what is published is listed with its cell', () => {
    assert.deepEqual(published, [{ kind: 'value', id: 'answer', cell: 4 }]);
  });
  await t.test('progress is passed on, and not saved', () => {
    assert.deepEqual(progress, ['{"title":"scoring"}']);
    assert.deepEqual(outputs[4], []);
  });
});

test('a failure shows the notebook, the cell, its TypeScript line and the message', async (t) => {
  const { failure } = await failureOf(t, {
    cells: ['const fine = 1;', 'interface Gone {\n  x: number;\n}\n\nthrow new RangeError("too small");'],
  });
  assert.deepEqual([failure.failure.cell, failure.failure.line], [2, 5]);
  assert.match(
    failure.message,
    /trial\.ipynb, cell \[2\], line 5:\n {6}3 \| }\n {6}4 \| \n {2}> {3}5 \| throw new RangeError.*\n\n {2}RangeError: too small\n/,
  );
});

const ENDINGS = [
  { what: 'exits', cell: 'process.exit(3);', message: /exit code 3\s+A cell must not call process\.exit/ },
  { what: 'crashes', cell: "process.kill(process.pid, 'SIGSEGV');", message: /ended by SIGSEGV/ },
  { what: 'never ends', cell: 'while (true) {}', message: /2 s without progress/ },
  { what: 'leaves work behind', cell: 'setInterval(() => {}, 1000);\n1;', message: /has ended, but work/ },
];

for (const { what, cell, message } of ENDINGS) {
  test(`a last cell that ${what} fails`, async (t) => {
    const { failure } = await failureOf(t, { cells: [cell], timeoutSeconds: what === 'never ends' ? 2 : 60 });
    assert.equal(failure.failure.cell, 1);
    assert.match(failure.message, message);
  });
}

test('no cell after a failed one runs, and what the others gave is kept to look at', async (t) => {
  const { paths } = await failureOf(t, {
    cells: ['console.log("before");', 'throw 1;', 'console.log("after");'],
  });
  const saved = readFileSync(join(paths.executed, 'trial.failed.ipynb'), 'utf8');
  const [first, second, third] = JSON.parse(saved).cells;
  assert.equal(first.outputs[0].text, 'before\n');
  assert.equal(second.outputs[0].name, 'stderr');
  assert.deepEqual(third.outputs, []);
});

test('a kernel ends with what it started when the notebook has', async (t) => {
  const spawn =
    "import { spawn } from 'node:child_process';\n" +
    "const child = spawn('sleep', ['600'], { stdio: 'ignore' });\nconsole.log(process.pid, child.pid);";
  const { run } = await runCells(t, { cells: [spawn] });
  const [cell] = JSON.parse((await run()).executed).cells;
  const pids = cell.outputs[0].text.trim().split(' ').map(Number);
  assert.equal(pids.length, 2);
  assert.deepEqual(await stillRunning(pids), []);
});
