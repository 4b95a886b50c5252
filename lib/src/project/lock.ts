import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const HEARTBEAT_MS = 10_000;
const SILENT_MS = 120_000;
const POLL_MS = 200;

/**
 * Runs `work` while holding the lock file `path`, so that one process at a time does; others wait their turn.
 * A lock is taken over when its process on this machine is gone (kill -9), or when it has shown no sign of life
 * for two minutes (another machine or container, a process id used again).
 *
 * @param onWait called once if another process holds the lock, with that process's id.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait?: (pid: number) => void,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const mine = `${process.pid} ${hostname()} ${crypto.randomUUID()}\n`;
  for (let waited = false; !create(path, mine); ) {
    const holder = read(path);
    if (holder && isGone(path, holder)) breakLock(path, holder);
    else {
      if (holder && !waited) onWait?.(pidOf(holder));
      waited ||= holder !== undefined;
      await pause(POLL_MS);
    }
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    if (read(path) === mine) utimesSync(path, now, now);
  }, HEARTBEAT_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if (read(path) === mine) rmSync(path, { force: true });
  }
}

/** Two processes that find the same dead lock must not both remove it, or one removes the other's new one. */
function breakLock(path: string, dead: string): void {
  const breaker = `${path}.break`;
  if (!create(breaker, '')) {
    if (silentFor(breaker) > HEARTBEAT_MS) rmSync(breaker, { force: true });
    return;
  }
  if (read(path) === dead) rmSync(path, { force: true });
  rmSync(breaker, { force: true });
}

function create(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function silentFor(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? Date.now() - stats.mtimeMs : 0;
}

const pidOf = (holder: string) => Number(holder.split(' ')[0]);

function isGone(path: string, holder: string): boolean {
  if (silentFor(path) > SILENT_MS) return true;
  const [pid, host] = holder.split(' ');
  // An empty file is a lock being written this moment, or one whose writer was killed just then.
  if (pid === undefined || host === undefined) return silentFor(path) > HEARTBEAT_MS;
  if (host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return hasCode(error, 'ESRCH');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
