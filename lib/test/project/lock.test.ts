import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LockLostError, withLock } from 'small-claims/project/lock';
import { runningProcess } from 'small-claims/project/process';

const folder = mkdtempSync(join(tmpdir(), 'small-claims-lock-'));
after(() => rmSync(folder, { recursive: true }));
/** Far from the two minutes after which a silent lock would be given up anyway. */
const SOON = { timeout: 20_000 };
const HOLDER = fileURLToPath(new URL('./lock-holder.js', import.meta.url));

/** Waits until a process started by `child`, or that itself, holds its lock; gives that process's id. */
async function held(t: TestContext, child: ChildProcess): Promise<number> {
  t.after(() => child.kill('SIGKILL'));
  assert.ok(child.stdout);
  const [said] = await once(child.stdout, 'data');
  const pid = Number(String(said));
  t.after(() => runningProcess(pid) && process.kill(pid, 'SIGKILL'));
  return pid;
}

const holder = (t: TestContext, path: string) =>
  held(t, spawn(process.execPath, [HOLDER, path], { stdio: ['ignore', 'pipe', 'inherit'] }));

/** Makes the lock look as if its holder had shown no sign of life for longer than the two minutes. */
function age(path: string): void {
  const longAgo = new Date(Date.now() - 200_000);
  utimesSync(path, longAgo, longAgo);
}

/** Takes turns at the lock, and fails if two overlap. */
function turns(path: string): Promise<unknown> {
  let inside = 0;
  const turn = () =>
    withLock(path, async () => {
      assert.equal(++inside, 1);
      await pause(5);
      inside--;
    });
  return Promise.all([turn(), turn(), turn()]);
}

test('holders of one lock never overlap, and the lock is gone afterwards', async () => {
  const path = join(folder, 'turns.lock');
  await turns(path);
  assert.equal(existsSync(path), false);
});

test(
  'the lock of a process that was killed is taken over, by one of those waiting at a time',
  SOON,
  async (t) => {
    const path = join(folder, 'killed.lock');
    process.kill(await holder(t, path), 'SIGKILL');
    await turns(path);
  },
);

test('the lock of a killed process is taken over even while its parent has not noticed', {
  ...SOON,
  skip: process.platform === 'win32',
}, async (t) => {
  const path = join(folder, 'zombie.lock');
  const command = '"$0" "$1" "$2" & exec sleep 60';
  const careless = spawn('sh', ['-c', command, process.execPath, HOLDER, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.kill(await held(t, careless), 'SIGKILL');
  await turns(path);
});

test(
  'the lock of a living process is waited for however long it was silent, and who holds it is said',
  SOON,
  async (t) => {
    const path = join(folder, 'alive.lock');
    const pid = await holder(t, path);
    age(path);
    const heard: number[] = [];
    const waiting = withLock(
      path,
      async () => 'mine',
      (pid) => heard.push(pid),
    );
    while (heard.length === 0) await pause(5);
    // Long enough to look again, several times: it is neither taken nor said once more.
    await pause(500);
    assert.deepEqual(heard, [pid]);
    process.kill(pid, 'SIGKILL');
    assert.equal(await waiting, 'mine');
  },
);

test('a process that has got the id of a dead one does not hold its lock', SOON, async (t) => {
  const path = join(folder, 'used-again.lock');
  const pid = await holder(t, path);
  const began = runningProcess(pid)?.began;
  if (began === undefined) return t.skip('this system does not say when a process began');
  writeFileSync(path, readFileSync(path, 'utf8').replace(` ${began}\n`, ' 1\n'));
  assert.equal(await withLock(path, async () => 'mine'), 'mine');
});

test('a lock of another machine is taken over only once it has been silent for two minutes', async () => {
  const path = join(folder, 'elsewhere.lock');
  writeFileSync(path, '1 another-machine x 1\n');
  let entered = false;
  const waiting = withLock(path, async () => {
    entered = true;
  });
  await pause(300);
  assert.equal(entered, false);
  age(path);
  await waiting;
});

test('who has lost the lock learns it when asking, and leaves the new holder’s alone', async () => {
  const path = join(folder, 'lost.lock');
  const taken = '1 another-machine x 1\n';
  await assert.rejects(
    withLock(path, async (assertHeld) => {
      assertHeld();
      writeFileSync(path, taken);
      assertHeld();
    }),
    LockLostError,
  );
  assert.equal(readFileSync(path, 'utf8'), taken);
});

test('a lock is given back when the work fails', async () => {
  const path = join(folder, 'fails.lock');
  await assert.rejects(
    withLock(path, () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(existsSync(path), false);
});

test('a lock dated in the future, of a clock set back since, is not waited for for ever', SOON, async (t) => {
  let now = 0;
  // Each look half a minute after the last.
  t.mock.method(performance, 'now', () => {
    now += 30_000;
    return now;
  });
  const tomorrow = new Date(Date.now() + 86_400_000);
  for (const [name, content] of [
    ['elsewhere.lock', '123 another-machine/pid:[1] some-id 1\n'],
    ['empty.lock', ''],
    ['torn.lock', '12'],
    ['noise.lock', '\0\0\0\0'],
  ] as const) {
    const path = join(folder, name);
    for (const file of [path, `${path}.break`]) {
      writeFileSync(file, file === path ? content : '');
      utimesSync(file, tomorrow, tomorrow);
    }
    assert.equal(await withLock(path, async () => 'mine'), 'mine', name);
    assert.equal(existsSync(path), false);
  }
});
