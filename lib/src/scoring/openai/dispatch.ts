import { tokenCost } from '../../models/prices.js';
import { interruption } from '../../project/interruption.js';
import { dollarText } from './budget.js';
import type { Send } from './client.js';
import { readCompletion } from './completion.js';
import { type Failure, failureOf } from './failure.js';
import { type Exchange, type Failed, FILTERED, type Outcome } from './outcome.js';
import type { Pending } from './pending.js';
import { RateGate, rateLimit } from './rate-limit.js';

/** Waits longer than this are for a person to decide about. */
const LONGEST_WAIT = 600_000;
/** So many malformed responses before any row came are no passing fault: each may have to be paid for. */
const MALFORMED_AT_FIRST = 16;

/**
 * Sends requests, several at a time, each again after a passing fault: after the wait that the endpoint asks for, else
 * after one that doubles, with jitter. Every example ends once: kept, or failed with its reason, or not asked about
 * because the run stopped (the budget is spent, the key is refused, ...). What is under way then is waited for and kept;
 * where the user wants an end, it is given up.
 */
export async function dispatch<Row>(
  requests: readonly Pending[],
  send: Send,
  exchange: Exchange<Row>,
): Promise<Outcome> {
  const { budget, options } = exchange;
  const { clock, random } = options;
  const gate = new RateGate(clock, random);
  const queue = requests.values();
  const signal = interruption();
  const failed: Failed[] = [];
  let stopped: string | undefined;
  let kept = 0;
  let malformed = 0;

  /** One request sent once: undefined when its row is kept. */
  async function attempt(request: Pending): Promise<Failure | undefined> {
    const started = clock.now();
    let cost = 0;
    let row: Row;
    try {
      const { body, headers } = await send(request.body);
      heed(rateLimit(headers, request.tokens).wait);
      cost = request.dollars;
      const completion = readCompletion(body);
      if (exchange.price) cost = tokenCost(exchange.price, completion.usage);
      row = exchange.read(request.id, completion);
    } catch (error) {
      signal.throwIfAborted();
      const failure = failureOf(error, exchange.endpoint);
      if (!failure) throw error;
      if (failure.perhapsPaid && cost === 0) cost = request.dollars;
      if (!failure.refused) return failure;
      row = exchange.read(request.id, FILTERED);
    } finally {
      budget.settle(request.dollars, cost);
    }
    exchange.keep(row, clock.now() - started);
    kept += 1;
    return undefined;
  }

  function heed(wait: number | undefined): void {
    if (wait === undefined) return;
    if (wait > LONGEST_WAIT) stopped ??= `the endpoint asks to wait for ${Math.ceil(wait / 60_000)} minutes`;
    else gate.close(wait);
  }

  async function ask(request: Pending): Promise<void> {
    for (let attempts = 1; ; attempts++) {
      await gate.pass();
      signal.throwIfAborted();
      if (stopped !== undefined) return;
      if (!budget.hold(request.dollars)) {
        stopped ??= `${dollarText(budget.spent)} of the ${dollarText(budget.cap)} allowed are spent`;
        return;
      }
      const failure = await attempt(request);
      if (!failure) return;
      if (failure.hope === 'stop') stopped ??= failure.reason;
      if (failure.malformed && ++malformed >= MALFORMED_AT_FIRST && kept === 0) stopped ??= failure.reason;
      if (failure.hope !== 'again' || attempts >= options.attempts) {
        failed.push({ id: request.id, reason: failure.reason });
        return;
      }
      if (kept === 0) exchange.tell(`${failure.reason}; trying again, ${options.attempts} times at most`);
      const { wait } = rateLimit(failure.headers, request.tokens);
      heed(wait);
      if (wait === undefined) await clock.sleep(Math.min(60_000, 500 * 2 ** attempts) * (0.5 + random() / 2));
    }
  }

  async function work(): Promise<void> {
    for (const request of queue) {
      if (stopped !== undefined) return;
      try {
        await ask(request);
      } catch (error) {
        stopped ??= 'it failed';
        throw error;
      }
    }
  }

  const workers = Array.from({ length: Math.min(options.concurrency, requests.length) }, work);
  // All of them, even if one has failed: what is under way is paid for.
  for (const ended of await Promise.allSettled(workers)) if (ended.status === 'rejected') throw ended.reason;
  return { failed, stopped };
}
