import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { withLock } from 'small-claims/project/lock';

const folder = mkdtempSync(join(tmpdir(), 'small-claims-lock-'));
after(() => rmSync(folder, { recursive: true }));

test('holders of one lock never overlap, and the lock is gone afterwards', async () => {
  const path = join(folder, 'turns.lock');
  let inside = 0;
  const turn = () =>
    withLock(path, async () => {
      assert.equal(++inside, 1);
      await pause(5);
      inside--;
    });
  await Promise.all([turn(), turn(), turn()]);
  assert.equal(existsSync(path), false);
});

test('the lock of a process that was killed is taken over, by one of those waiting at a time', async () => {
  const path = join(folder, 'killed.lock');
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(path, `${pid} ${hostname()} x\n`);
  let inside = 0;
  const turn = () =>
    withLock(path, async () => {
      assert.equal(++inside, 1);
      await pause(5);
      inside--;
    });
  await Promise.all([turn(), turn(), turn()]);
});

test('the lock of a living process is waited for, and who holds it is said', async () => {
  const path = join(folder, 'alive.lock');
  writeFileSync(path, `${process.pid} ${hostname()} x\n`);
  const heard: number[] = [];
  const waiting = withLock(
    path,
    async () => 'mine',
    (pid) => heard.push(pid),
  );
  await pause(300);
  assert.deepEqual(heard, [process.pid]);
  rmSync(path);
  assert.equal(await waiting, 'mine');
});

test('a lock of another machine is taken over once it has been silent for two minutes', async () => {
  const path = join(folder, 'elsewhere.lock');
  writeFileSync(path, '1 another-machine x\n');
  const long = new Date(Date.now() - 121_000);
  utimesSync(path, long, long);
  assert.equal(await withLock(path, async () => 'mine'), 'mine');
});

test('a lock is given back when the work fails', async () => {
  const path = join(folder, 'fails.lock');
  await assert.rejects(
    withLock(path, () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(existsSync(path), false);
});
