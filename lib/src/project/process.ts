import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where process ids mean something: this machine, or this container on it. One word. */
export function processHost(): string {
  try {
    return `${hostname()}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** A process that has not ended. */
export interface RunningProcess {
  /** When it began, as one word that no other process with its id shares; undefined where the system does not say. */
  readonly began: string | undefined;
}

/** The process with this id on this machine, if it runs. One killed, whose parent has yet to notice, does not. */
export function runningProcess(pid: number): RunningProcess | undefined {
  if (!isTaken(pid)) return undefined;
  try {
    const { state, began } = process.platform === 'linux' ? readProc(pid) : askPs(pid);
    return state.startsWith('Z') ? undefined : { began };
  } catch {
    return { began: undefined };
  }
}

function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Fields 3 and 22 of proc_pid_stat(5). The second is the program's name in brackets, and may hold any character. */
function readProc(pid: number) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', began: fields[19] };
}

function askPs(pid: number) {
  const output = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    // Or the time would be told in the language and time zone of whoever asks.
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  const [state = '', ...began] = output.trim().split(/\s+/);
  return { state, began: began.join('_') };
}
