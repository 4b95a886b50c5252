import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { interruption } from './interruption.js';
import { processHost, runningProcess } from './process.js';

const HEARTBEAT_MS = 10_000;
const SILENT_MS = 120_000;
const POLL_MS = 200;

/** Another process has taken the lock over from this one. */
export class LockLostError extends Error {
  constructor(path: string) {
    super(`${path}: this process has lost the lock`);
    this.name = 'LockLostError';
  }
}

/**
 * Runs `work` while holding the lock file `path`, so that one process at a time does; others wait their turn.
 * A lock is taken over when its process has ended (kill -9); where that cannot be seen, because it is of another
 * machine or container, when it has shown no sign of life for two minutes.
 *
 * @param work gets `assertHeld`, to call before what must not be done twice: a machine may sleep for longer than that.
 *   It throws LockLostError.
 * @param onWait called once if another process holds the lock, with that process's id.
 */
export async function withLock<T>(
  path: string,
  work: (assertHeld: () => void) => Promise<T>,
  onWait?: (pid: number) => void,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const began = runningProcess(process.pid)?.began ?? '';
  const mine = `${process.pid} ${processHost()} ${crypto.randomUUID()} ${began}\n`;
  const watched = watch(path);
  const signal = interruption();
  for (let waited = false; !create(path, mine); ) {
    const holder = read(path);
    if (holder !== undefined && isGone(holder, watched())) breakLock(path, holder);
    else {
      if (holder && !waited) onWait?.(Number(parse(holder).pid));
      waited ||= Boolean(holder);
      signal.throwIfAborted();
      await pause(POLL_MS);
    }
  }
  const heartbeat = setInterval(() => {
    if (read(path) === mine) touch(path);
  }, HEARTBEAT_MS).unref();
  try {
    return await work(() => {
      if (read(path) !== mine) throw new LockLostError(path);
    });
  } finally {
    clearInterval(heartbeat);
    if (read(path) === mine) rmSync(path, { force: true });
  }
}

/** Two processes that find the same dead lock must not both remove it, or one removes the other's new one. */
function breakLock(path: string, dead: string): void {
  const breaker = `${path}.break`;
  if (!create(breaker, '')) {
    // One dated in the future was left when the clock was set otherwise: it is held for no longer than a moment.
    if (Math.abs(age(breaker)) > HEARTBEAT_MS) rmSync(breaker, { force: true });
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

/** Milliseconds since a file was last touched, by the clock that there is now: below 0 where it is dated in the future. */
function age(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? Date.now() - stats.mtimeMs : 0;
}

/**
 * For how long a lock has shown no sign of life: by its date, or as long as that date has been seen to stay the same. The
 * second is what tells of one that is dated in the future, by a clock that was set back since.
 */
function watch(path: string): () => number {
  let seen: number | undefined;
  let since = 0;
  return () => {
    const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (touched !== seen) [seen, since] = [touched, performance.now()];
    return touched === undefined ? 0 : Math.max(age(path), performance.now() - since);
  };
}

function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch (error) {
    // Taken over since it was read.
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

function parse(holder: string) {
  const [pid, host, , began] = holder.trim().split(' ');
  return { pid, host, began };
}

function isGone(holder: string, silent: number): boolean {
  const { pid, host, began } = parse(holder);
  // An empty file is a lock being written this moment, or one whose writer was killed just then.
  if (host === undefined) return silent > HEARTBEAT_MS;
  if (host !== processHost()) return silent > SILENT_MS;
  const running = runningProcess(Number(pid));
  if (!running) return true;
  if (!began || !running.began) return silent > SILENT_MS;
  return running.began !== began;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
