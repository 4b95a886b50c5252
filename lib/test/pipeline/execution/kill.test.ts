import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { filesUnder } from 'small-claims/project/folder';
import type { Paths } from 'small-claims/project/paths';
import { randomStream } from 'small-claims/project/random';
import { stillNaming, stillRunning } from '../processes.js';
import { CLI, publishingCell, scratchProject, writeNotebook } from '../scratch-project.js';

/** Moments, in ms, in which a run starts its kernel, and how many random ones come after. */
const EARLY_KILLS = [30, 60, 90, 120, 180, 250, 350, 500];
const RANDOM_KILLS = 4;

function startRun({ root }: Paths, temporary = tmpdir()): ChildProcess {
  const env = { ...process.env, TMPDIR: temporary };
  return spawn(process.execPath, [CLI, 'run'], { cwd: root, stdio: 'ignore', env });
}

/** Everything a run leaves behind, by file. */
function leftBy(paths: Paths): Record<string, string> {
  return Object.fromEntries(
    [paths.executed, paths.published].flatMap((folder) =>
      filesUnder(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
    ),
  );
}

test('a run killed at any moment leaves no kernel behind, and the next gives the same outputs', async (t) => {
  const paths = scratchProject(t);
  // A kernel's command line names a file in it: so it is known also before it answers.
  const temporary = mkdtempSync(join(tmpdir(), 'kill-'));
  t.after(() => rmSync(temporary, { recursive: true, force: true }));
  writeNotebook(paths, 'slow', [
    publishingCell('first', '1'),
    'await new Promise((resolve) => setTimeout(resolve, 300));',
    publishingCell('second', '2'),
    // Busy, so that the kernel cannot notice by itself that it is alone.
    'const end = Date.now() + 300;\nwhile (Date.now() < end);',
  ]);
  const start = Date.now();
  assert.deepEqual(await once(startRun(paths), 'exit'), [0, null]);
  const duration = Date.now() - start;
  const expected = leftBy(paths);
  assert.deepEqual(Object.keys(expected).sort(), [
    'slow.ipynb',
    'slow/manifest.json',
    'slow/run.json',
    'slow/values/first.json',
    'slow/values/second.json',
  ]);

  // A kill between the making of the kernel's folder and its start leaves that folder: nobody is there to remove it.
  const random = randomStream('moments to kill at', 1);
  const later = Array.from({ length: RANDOM_KILLS }, () => random.next() * duration);
  for (const moment of [...EARLY_KILLS, ...later]) {
    rmSync(paths.published, { recursive: true, force: true });
    const run = startRun(paths, temporary);
    await pause(moment);
    run.kill('SIGKILL');
    if (run.exitCode === null && run.signalCode === null) await once(run, 'exit');
    const when = `killed after ${Math.round(moment)} ms`;
    assert.deepEqual(await stillNaming(temporary), [], `the kernel ends with its run, ${when}`);
  }
  assert.deepEqual(await once(startRun(paths), 'exit'), [0, null]);
  assert.deepEqual(leftBy(paths), expected);
});

test('a run that is interrupted ends its kernel at once', async (t) => {
  const paths = scratchProject(t);
  const pidFile = join(paths.root, 'kernel.pid');
  writeNotebook(paths, 'endless', [
    `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(pidFile)}, String(process.pid));\nwhile (true);`,
  ]);
  const run = startRun(paths);
  while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '') await pause(20);
  run.kill('SIGINT');
  assert.deepEqual(await once(run, 'exit'), [130, null]);
  const kernel = Number(readFileSync(pidFile, 'utf8'));
  assert.deepEqual(await stillRunning([kernel]), []);
});
