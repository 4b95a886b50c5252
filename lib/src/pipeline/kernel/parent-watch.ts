import { rmSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** Whom a kernel is to end with. */
export interface Watch {
  readonly parent: number;
  /** The folder that the parent made for this kernel alone, and removes once it is connected. */
  readonly left: string | undefined;
}

/**
 * Runs in a worker thread of the kernel: ends the kernel and all it started as soon as the process that
 * started it is gone. A thread of its own, because a cell may keep the main thread busy for ever.
 */
const { parent, left }: Watch = workerData;

function endIfAlone(): void {
  if (process.ppid === parent) return;
  if (left !== undefined) rmSync(left, { recursive: true, force: true });
  process.kill(-process.pid, 'SIGKILL');
}

endIfAlone();
setInterval(endIfAlone, 250);
