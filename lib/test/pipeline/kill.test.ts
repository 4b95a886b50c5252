import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { filesUnder } from 'small-claims/pipeline/staging';
import type { Paths } from 'small-claims/project/paths';
import { randomStream } from 'small-claims/project/random';
import { CLI, publishingCell, scratchProject, writeNotebook } from './scratch-project.js';

const KILLS = 5;

function startRun({ root }: Paths): ChildProcess {
  return spawn(process.execPath, [CLI, 'run'], { cwd: root, stdio: 'ignore' });
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
  const pidFile = join(paths.root, 'kernel.pid');
  writeNotebook(paths, 'slow', [
    `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(pidFile)}, String(process.pid));`,
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

  const random = randomStream('moments to kill at', 1);
  for (let kill = 0; kill < KILLS; kill++) {
    for (const folder of [paths.published, pidFile]) rmSync(folder, { recursive: true, force: true });
    const run = startRun(paths);
    await pause(random.next() * duration);
    run.kill('SIGKILL');
    if (run.exitCode === null && run.signalCode === null) await once(run, 'exit');
    if (!existsSync(pidFile)) continue;
    const kernel = Number(readFileSync(pidFile, 'utf8'));
    for (let tries = 0; isRunning(kernel) && tries < 60; tries++) await pause(50);
    assert.equal(isRunning(kernel), false, 'the kernel has ended with the run that started it');
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
  for (let tries = 0; isRunning(kernel) && tries < 20; tries++) await pause(10);
  assert.equal(isRunning(kernel), false);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // One that nobody has waited for is dead all the same.
  const status = `/proc/${pid}/stat`;
  return !existsSync(status) || !/\) Z /.test(readFileSync(status, 'utf8'));
}
