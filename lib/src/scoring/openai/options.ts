import { UserError } from '../../project/error.js';
import { type Clock, wallClock } from './clock.js';

/** How a run of requests is sent. None of it changes what is asked. */
export interface ApiOptions {
  /** Requests under way at a time. */
  readonly concurrency: number;
  /** Times a request is sent before its example is reported as failed. */
  readonly attempts: number;
  /** Milliseconds after which a request without a response is given up. */
  readonly timeout: number;
  /** Through the Batch API, for about half the price, within a day. */
  readonly batch: boolean;
  /** Milliseconds between two looks at a batch. */
  readonly poll: number;
  readonly clock: Clock;
  /** Uniform in [0, 1), for the jitter of waits. */
  readonly random: () => number;
}

/** Each takes a connection, of which a process may have a thousand or so. */
const MOST_AT_A_TIME = 512;

/** The options that the environment asks for: SMALL_CLAIMS_CONCURRENCY, SMALL_CLAIMS_BATCH. */
export function apiOptions(env: NodeJS.ProcessEnv = process.env): ApiOptions {
  const batch = env['SMALL_CLAIMS_BATCH'] ?? '';
  if (!['', '0', '1'].includes(batch)) {
    throw new UserError(`SMALL_CLAIMS_BATCH is "${batch}"`, { hint: 'Give 1 for the Batch API, or 0.' });
  }
  const told = env['SMALL_CLAIMS_CONCURRENCY'];
  const concurrency = told ? Number(told) : 8;
  if (!(Number.isInteger(concurrency) && concurrency > 0 && concurrency <= MOST_AT_A_TIME)) {
    throw new UserError(`SMALL_CLAIMS_CONCURRENCY is "${told}"`, {
      hint: `Give a whole number above 0 and up to ${MOST_AT_A_TIME}.`,
    });
  }
  return {
    concurrency,
    attempts: 8,
    timeout: 120_000,
    batch: batch === '1',
    poll: 30_000,
    clock: wallClock,
    random: Math.random,
  };
}
