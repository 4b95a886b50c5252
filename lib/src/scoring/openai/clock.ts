import { setTimeout as pause } from 'node:timers/promises';
import { interruption } from '../../project/interruption.js';

/** Time as a run of requests needs it, so that a test can let hours pass in no time. */
export interface Clock {
  /** Milliseconds since some moment. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** The clock on the wall. */
export const wallClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds) => pause(milliseconds, undefined, { signal: interruption() }),
};
