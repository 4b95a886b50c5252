import OpenAI from 'openai';
import { z } from 'zod';
import { tokenCost } from '../../models/prices.js';
import { MalformedResponseError, readCompletion } from './completion.js';
import { harmless } from './endpoint.js';
import { failureOf } from './failure.js';
import { type Exchange, type Failed, FILTERED } from './outcome.js';
import type { Pending } from './pending.js';

const schema = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.int(), body: z.unknown() }).nullish(),
  error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
});

/** A line of a batch's files: what it says of which request; or what is wrong with it, with the id if that can be read. */
type Line =
  | { readonly id: string; readonly result: z.output<typeof schema> }
  | { readonly id: string | undefined; readonly flaw: string };

/**
 * Keeps the rows that the lines of a batch's files give. A request that no line mentions has failed as the batch has,
 * and costs nothing.
 *
 * @param end how the batch ended, for people.
 * @param waited milliseconds a request; @param held whether money was put aside for the requests: not by a process that
 * goes on with another's batch.
 * @returns the examples without a row, with the reason of each.
 */
export function collectBatch<Row>(
  lines: readonly string[],
  end: string,
  asked: readonly Pending[],
  exchange: Exchange<Row>,
  { waited, held }: { readonly waited: number; readonly held: boolean },
): readonly Failed[] {
  const waiting = new Map(asked.map((request) => [request.id, request]));
  const failed: Failed[] = [];
  // What it cost takes the place of what was put aside for it.
  const charge = ({ dollars }: Pending, cost: number) => exchange.budget.settle(held ? dollars : 0, cost);
  let unreadable = 0;
  for (const text of lines) {
    const line = readLine(text);
    if (line.id === undefined) unreadable += 1;
    const request = waiting.get(line.id ?? '');
    if (!request) continue;
    waiting.delete(request.id);
    const { cost, row, reason } = resultOf(line, request, exchange);
    charge(request, cost);
    if (row === undefined) failed.push({ id: request.id, reason: reason ?? 'no response' });
    else exchange.keep(row, waited);
  }
  const unanswered = [...waiting.values()].sort((a, b) => b.dollars - a.dollars);
  for (const [index, request] of unanswered.entries()) {
    // Each line that cannot be read may be an answer that was paid for: as many count, the dearest.
    charge(request, index < unreadable ? request.dollars : 0);
    const besides = unreadable > 0 ? `; ${unreadable} lines of its files cannot be read` : '';
    failed.push({ id: request.id, reason: `the batch is ${end}, without an answer to it${besides}` });
  }
  return failed;
}

function readLine(text: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { id: undefined, flaw: 'it is not JSON' };
  }
  const read = schema.safeParse(value);
  if (read.success) return { id: read.data.custom_id, result: read.data };
  const id = schema.pick({ custom_id: true }).safeParse(value);
  const field = read.error.issues[0]?.path.join('.') || 'content';
  return { id: id.data?.custom_id, flaw: `its ${field} is not as it should be` };
}

/** A request's row, or why there is none; and what it cost: with an answer that cannot be read, as much as it can. */
function resultOf<Row>(
  line: Line,
  { id, dollars }: Pending,
  { read, price, endpoint }: Exchange<Row>,
): { readonly cost: number; readonly row?: Row; readonly reason?: string } {
  if ('flaw' in line) return { cost: dollars, reason: `malformed line in the batch’s file: ${line.flaw}` };
  const { response, error } = line.result;
  if (response?.status_code !== 200) {
    const failure = response && failureOf(errorOf(response), endpoint);
    if (failure?.refused) return { cost: 0, row: read(id, FILTERED) };
    return {
      cost: 0,
      reason: failure?.reason ?? harmless(`batch: ${error?.code ?? 'no response'}`, endpoint),
    };
  }
  let cost = dollars;
  try {
    const completion = readCompletion(response.body);
    cost = price ? tokenCost(price, completion.usage, true) : 0;
    return { cost, row: read(id, completion) };
  } catch (cause) {
    if (!(cause instanceof MalformedResponseError)) throw cause;
    return { cost, reason: `malformed response: ${cause.message}` };
  }
}

/** The error that the response would have been, had it come by itself. */
function errorOf({ status_code, body }: { readonly status_code: number; readonly body?: unknown }): Error {
  const error = typeof body === 'object' && body !== null ? body : {};
  return OpenAI.APIError.generate(status_code, error, undefined, new Headers());
}
