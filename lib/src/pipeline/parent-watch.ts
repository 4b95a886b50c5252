import { workerData } from 'node:worker_threads';

/**
 * Runs in a worker thread of the kernel: ends the kernel and all it started as soon as the process that
 * started it is gone. A thread of its own, because a cell may keep the main thread busy for ever.
 */
const parent: number = workerData;
setInterval(() => {
  if (process.ppid !== parent) process.kill(-process.pid, 'SIGKILL');
}, 250);
