import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { NotebookFailure } from 'small-claims/pipeline/notebook/failure';
import { readNotebook } from 'small-claims/pipeline/notebook/notebook';
import { runNotebook } from 'small-claims/pipeline/notebook/runner';
import { UserError } from 'small-claims/project/error';
import { notebookJson, scratchProject } from '../scratch-project.js';

/** Runs cells, some of them tagged; gives what the notebook's file holds then, or why it ended. */
async function runTagged(t: TestContext, cells: readonly (readonly [source: string, tags?: unknown])[]) {
  const paths = scratchProject(t);
  const json = notebookJson(cells.map(([source]) => source));
  const tagged = json.cells.map((cell, index) => ({ ...cell, metadata: { tags: cells[index]?.[1] ?? [] } }));
  const path = join(paths.notebooks, 'trial.ipynb');
  writeFileSync(path, JSON.stringify({ ...json, cells: tagged }));
  const staging = join(paths.build, 'staging');
  mkdirSync(staging, { recursive: true });
  const listener = { onCell() {}, onProgress() {}, onStderr() {} };
  const started = performance.now();
  try {
    const run = await runNotebook(readNotebook(path), paths, {
      staging,
      study: 'small',
      timeoutSeconds: 60,
      listener,
    });
    return { cells: JSON.parse(run.executed).cells, failure: undefined, seconds: 0 };
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return { cells: [], failure: error, seconds: (performance.now() - started) / 1000 };
  }
}

test('a cell tagged skip-execution is left out, and one tagged raises-exception shows its error and stops nothing', async (t) => {
  const { cells, failure } = await runTagged(t, [
    ['throw new Error("not to be run");', ['skip-execution']],
    ['throw new Error("shown on purpose");', ['raises-exception']],
    ['const x: number = "no number";', ['hide-input', 'raises-exception']],
    ["console.log('end');"],
  ]);
  assert.equal(failure, undefined);
  const [skipped, raised, uncompiled, last] = cells;
  assert.deepEqual([skipped.outputs, skipped.execution_count], [[], null]);
  assert.match(raised.outputs[0].text, /^Error: shown on purpose\n {4}at cell \[1\]:1:7\n$/);
  assert.match(uncompiled.outputs[0].text, /Type 'string' is not assignable to type 'number'/);
  assert.deepEqual(last.outputs[0].text, 'end\n');
});

test('a cell that may fail, and ends the kernel, ends the run; tags that are no list are told', async (t) => {
  const ended = await runTagged(t, [['process.exit(3);', ['raises-exception']]]);
  assert.match(ended.failure?.message ?? '', /the kernel ended with exit code 3/);
  const told = await runTagged(t, [['1', 'skip-execution']]);
  assert.equal(told.failure?.at.field, 'cells[0].metadata.tags');
});

const ASKING = `import * as readline from 'node:readline/promises';
const asked = readline.createInterface({ input: process.stdin, output: process.stdout });
console.log(await asked.question('Continue? '));`;

for (const [what, source, reason] of [
  ['asks for input', ASKING, /asks for input[\s\S]*nobody to answer/],
  [
    'awaits the end of standard input for ever',
    'process.stdin.resume(); await new Promise(() => {});',
    /nobody to answer/,
  ],
  [
    'awaits a promise that nothing resolves',
    'await new Promise(() => {});',
    /never come[\s\S]*nothing resolves/,
  ],
  [
    'awaits an event of nothing',
    "import { EventEmitter, once } from 'node:events';\nawait once(new EventEmitter(), 'x');",
    /never come/,
  ],
  [
    'awaits two promises that await each other',
    'let a: Promise<void>; const b = (async () => { await null; await a; })(); a = b.then(() => b2); let b2 = new Promise<void>(() => {}); await a;',
    /never come/,
  ],
  [
    'prints without end',
    "while (true) console.log('x'.repeat(1000));",
    /prints more than 64 MiB[\s\S]*Print less/,
  ],
] as const) {
  test(`a cell that ${what} is ended within seconds, by its number and with the reason`, async (t) => {
    const { failure, seconds } = await runTagged(t, [['const one = 1;'], [source]]);
    assert.ok(failure instanceof NotebookFailure);
    assert.equal(failure.failure.cell, 2);
    assert.match(failure.message, reason);
    assert.ok(seconds < 30, `${seconds} s`);
  });
}

test('a cell that waits for what does come is waited for: a timer, a server, a child, a computation', async (t) => {
  const { failure } = await runTagged(t, [
    [
      "import { createServer } from 'node:net';\nimport { once } from 'node:events';\nimport { execFile } from 'node:child_process';\nimport { setTimeout as pause } from 'node:timers/promises';\nconst server = createServer().listen(0, '127.0.0.1');\nawait once(server, 'listening');",
    ],
    ['await pause(6000);'],
    [
      "execFile(process.execPath, ['-e', 'setTimeout(() => {}, 6000)'], () => server.emit('done'));\nawait once(server, 'done');\nserver.close();",
    ],
    ['const end = Date.now() + 6000; let sum = 0; while (Date.now() < end) sum += 1;'],
  ]);
  assert.equal(failure?.message, undefined);
});

test('a notebook runs where the folder for temporary files has a long name, or is not there', async (t) => {
  const before = process.env['TMPDIR'];
  t.after(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  const long = join(mkdtempSync(join(tmpdir(), 'long-')), 'a'.repeat(60), 'b'.repeat(60));
  mkdirSync(long, { recursive: true });
  for (const folder of [long, join(long, 'nothing'), '/nonexistent', join(tmpdir(), '\u00e9'.repeat(50))]) {
    process.env['TMPDIR'] = folder;
    const { cells } = await runTagged(t, [['console.log(1);']]);
    assert.equal(cells[0].outputs[0].text, '1\n', folder);
  }
});

test('carriage returns are kept in the notebook’s file, as Jupyter keeps them', async (t) => {
  const { cells } = await runTagged(t, [
    [
      "for (let i = 0; i <= 100; i += 10) process.stdout.write('\\rprogress ' + i + '%');\nprocess.stdout.write('\\n');",
    ],
  ]);
  assert.match(cells[0].outputs[0].text, /^\rprogress 0%\r[\s\S]*progress 100%\n/);
});
