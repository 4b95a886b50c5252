import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { writeFileAtomic } from '../project/atomic.js';
import { UserError } from '../project/error.js';
import { Interrupted, interruptedText, interruption } from '../project/interruption.js';
import { runningProcess } from '../project/process.js';

/** A run of a program in Python that may take hours. */
export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  /** Everything it says is appended to this file, whose folder no other run shares. */
  readonly log: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each line that it prints. */
  readonly onLine: (line: string) => void;
}

/**
 * Runs a program to its end. It ends with this process, and one that a killed process left behind is ended first.
 *
 * @throws UserError with its last words if it fails.
 */
export async function runProgram({ program, args, log, env, onLine }: ProgramRun): Promise<void> {
  const processFile = join(dirname(log), 'trainer.pid');
  await endLeftBehind(processFile);
  const child = execa(program, args, {
    reject: false,
    all: true,
    buffer: false,
    // A group of its own, so that its children can be ended with it.
    detached: true,
    env: {
      HF_HUB_OFFLINE: '1',
      // What it prints reaches us at once, and it ends when nobody reads it any more.
      PYTHONUNBUFFERED: '1',
      TOKENIZERS_PARALLELISM: 'false',
      // Memory that glibc has got it keeps: to ask for it again at every step takes a tenth of the time on a processor.
      MALLOC_MMAP_MAX_: '0',
      MALLOC_TRIM_THRESHOLD_: '100000000000',
      OMP_NUM_THREADS: process.env['OMP_NUM_THREADS'] ?? String(availableParallelism()),
      ...env,
    },
  });
  const endGroup = () => endProcessGroup(child.pid);
  process.once('exit', endGroup);
  const signal = interruption();
  signal.addEventListener('abort', endGroup);
  if (child.pid !== undefined) {
    const began = runningProcess(child.pid)?.began ?? '';
    writeFileAtomic(processFile, JSON.stringify({ pid: child.pid, began }));
  }
  const last: string[] = [];
  try {
    for await (const line of child.iterable({ from: 'all' })) {
      appendFileSync(log, `${line}\n`);
      last.push(line);
      if (last.length > 15) last.shift();
      onLine(line);
    }
    const result = await child;
    if (signal.aborted)
      throw new Interrupted(
        interruptedText('training', 'what was trained up to the last checkpoint is kept'),
      );
    if (!result.failed) return;
    throw new UserError(`the training failed:\n${last.join('\n')}`, {
      at: { file: log },
      hint: 'The whole output is in that file. Run it again to go on from the last checkpoint.',
    });
  } finally {
    endGroup();
    process.off('exit', endGroup);
    signal.removeEventListener('abort', endGroup);
    rmSync(processFile, { force: true });
  }
}

function endProcessGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** A program of a process that was killed would write into the same folder. */
async function endLeftBehind(processFile: string): Promise<void> {
  if (!existsSync(processFile)) return;
  const left: unknown = JSON.parse(readFileSync(processFile, 'utf8'));
  if (left === null || typeof left !== 'object' || !('pid' in left && 'began' in left)) return;
  const pid = Number(left.pid);
  const running = () => runningProcess(pid)?.began;
  if (running() === left.began) endProcessGroup(pid);
  while (running() === left.began) await pause(100);
}
