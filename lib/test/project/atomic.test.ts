import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { writeFileAtomic } from 'small-claims/project/atomic';

const MODULE = import.meta.resolve('small-claims/project/atomic');

/** A script that is killed, or waits, with a file half written: its disk never gets to the renaming. */
const half = (file: string, then: string) => `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
fs.renameSync = () => { ${then} };
syncBuiltinESMExports();
const { writeFileAtomic } = await import(${JSON.stringify(MODULE)});
writeFileAtomic(${JSON.stringify(file)}, 'half');`;

test('what a killed writer left beside a file goes when the file is next written, and nothing else', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'atomic-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'paper.html');
  const run = (then: string) => ['--input-type=module', '-e', half(file, then)];

  const killed = spawnSync(process.execPath, run('process.kill(process.pid, "SIGKILL")'));
  assert.equal(killed.signal, 'SIGKILL', String(killed.stderr));
  const living = spawn(
    process.execPath,
    run('console.log("written"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'),
  );
  t.after(() => living.kill('SIGKILL'));
  await once(living.stdout, 'data');
  const byAnother = `paper.html.${killed.pid}.another-machine.tmp`;
  writeFileSync(join(folder, byAnother), '');
  writeFileSync(join(folder, 'paper.html.bak'), '');
  const leftBy = (pid: number | undefined) => readdirSync(folder).filter((name) => name.includes(`.${pid}.`));
  assert.equal(
    leftBy(killed.pid).length,
    2,
    'the killed one’s, and the one of another machine with its number',
  );
  assert.equal(leftBy(living.pid).length, 1);

  writeFileAtomic(file, 'whole');
  assert.equal(readFileSync(file, 'utf8'), 'whole');
  assert.deepEqual(leftBy(killed.pid), [byAnother]);
  assert.equal(leftBy(living.pid).length, 1, 'a writer at work keeps its own');
  assert.ok(readdirSync(folder).includes('paper.html.bak'));
  assert.ok(readdirSync(folder).includes(basename(file)));
});
