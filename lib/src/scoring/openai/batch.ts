import { existsSync, readFileSync, rmSync } from 'node:fs';
import OpenAI, { toFile } from 'openai';
import { z } from 'zod';
import { tokenCost } from '../../models/prices.js';
import { writeFileAtomic } from '../../project/atomic.js';
import { dollarText } from './budget.js';
import { MalformedResponseError, readCompletion } from './completion.js';
import { type Endpoint, harmless } from './endpoint.js';
import { failureOf } from './failure.js';
import { type Exchange, type Failed, FILTERED, type Outcome } from './outcome.js';
import type { Pending } from './pending.js';

/** What one batch may hold, by OpenAI's rules. */
const MOST_REQUESTS = 50_000;

/**
 * A batch under way, kept beside the unfinished record: written before the batch is created, so that one created just
 * before a kill is found again by its mark, and is not paid for twice.
 */
const stateSchema = z.strictObject({
  mark: z.string(),
  ids: z.array(z.string()),
  batch: z.string().optional(),
});
type State = z.output<typeof stateSchema>;

const lineSchema = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.int(), body: z.unknown() }).nullish(),
  error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
});

const OVER = ['completed', 'failed', 'expired', 'cancelled'];

/** Whether a batch is under way whose results this run has yet to fetch. */
export const hasBatch = (stateFile: string): boolean => existsSync(stateFile);

/**
 * Asks through the Batch API: submits one batch, looks at it until it is over, and keeps its rows. A process that is
 * killed meanwhile loses nothing: the next one goes on waiting for the same batch. Each example ends as in `dispatch`.
 *
 * @param requests those whose rows are missing; @param stateFile where the batch's id is kept.
 */
export async function askByBatch<Row>(
  client: OpenAI,
  requests: readonly Pending[],
  stateFile: string,
  exchange: Exchange<Row>,
): Promise<Outcome> {
  const { clock } = exchange.options;
  const started = clock.now();
  const resumed = hasBatch(stateFile);
  const state = resumed ? readState(stateFile) : newState(requests, exchange);
  if (state.ids.length === 0) {
    return {
      failed: [],
      stopped: `the ${dollarText(exchange.budget.cap)} allowed do not pay for one request`,
    };
  }
  const submitted = new Set(state.ids);
  const asked = requests.filter(({ id }) => submitted.has(id));
  const id = state.batch ?? (await submit(client, asked, state, stateFile, resumed));
  process.stderr.write(`batch of ${state.ids.length} requests submitted; it may take up to a day\n`);

  const batch = await untilOver(client, id, exchange);
  const waited = (clock.now() - started) / Math.max(1, state.ids.length);
  const lines = await linesOf(client, batch);
  const failed = collect(lines, endOf(batch, exchange.endpoint), asked, { ...exchange, waited, resumed });
  rmSync(stateFile, { force: true });
  const left = requests.length - asked.length;
  const cap = dollarText(exchange.budget.cap);
  return {
    failed,
    stopped: left > 0 ? `${left} requests are left, not covered by the ${cap} allowed` : undefined,
  };
}

/** As many requests as the budget covers. */
function newState<Row>(requests: readonly Pending[], { budget }: Exchange<Row>): State {
  const ids: string[] = [];
  for (const { id, dollars } of requests.slice(0, MOST_REQUESTS)) {
    if (!budget.hold(dollars)) break;
    budget.settle(dollars, dollars);
    ids.push(id);
  }
  return { mark: crypto.randomUUID(), ids };
}

function readState(file: string): State {
  return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

async function submit(
  client: OpenAI,
  requests: readonly Pending[],
  state: State,
  stateFile: string,
  resumed: boolean,
): Promise<string> {
  const keepId = (batch: string) => {
    writeFileAtomic(stateFile, JSON.stringify({ ...state, batch }));
    return batch;
  };
  if (resumed) {
    for await (const batch of client.batches.list({ limit: 100 })) {
      if (batch.metadata?.['small_claims'] === state.mark) return keepId(batch.id);
    }
  }
  writeFileAtomic(stateFile, JSON.stringify(state));
  const lines = requests.map(({ id, body }) =>
    JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body }),
  );
  const file = await client.files.create({
    file: await toFile(Buffer.from(`${lines.join('\n')}\n`), 'requests.jsonl'),
    purpose: 'batch',
  });
  const batch = await client.batches.create({
    input_file_id: file.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
    metadata: { small_claims: state.mark },
  });
  return keepId(batch.id);
}

/** Looks until the batch is over; a look that fails is repeated, as often in a row as a request would be. */
async function untilOver<Row>(
  client: OpenAI,
  id: string,
  { endpoint, options }: Exchange<Row>,
): Promise<OpenAI.Batch> {
  for (let failures = 0; ; ) {
    try {
      const batch = await client.batches.retrieve(id, { timeout: options.timeout });
      if (OVER.includes(batch.status)) return batch;
      failures = 0;
    } catch (error) {
      if (failureOf(error, endpoint)?.hope !== 'again' || ++failures >= options.attempts) throw error;
    }
    await options.clock.sleep(options.poll);
  }
}

async function linesOf(client: OpenAI, batch: OpenAI.Batch): Promise<readonly string[]> {
  const files = [batch.output_file_id, batch.error_file_id].filter((id) => typeof id === 'string');
  const texts = await Promise.all(files.map(async (id) => (await client.files.content(id)).text()));
  return texts.flatMap((text) => text.split('\n').filter((line) => line.trim() !== ''));
}

/** How a batch ended, and why it was refused, if it was. */
function endOf({ status, errors }: OpenAI.Batch, endpoint: Endpoint): string {
  const why = errors?.data?.[0]?.message;
  return why ? `${status} (${harmless(why, endpoint)})` : status;
}

/** What a batch's files say; a request that they do not mention has failed as the batch has. */
function collect<Row>(
  lines: readonly string[],
  end: string,
  asked: readonly Pending[],
  exchange: Exchange<Row> & { readonly waited: number; readonly resumed: boolean },
): readonly Failed[] {
  const { budget, price, waited, resumed } = exchange;
  const waiting = new Map(asked.map((request) => [request.id, request]));
  const failed: Failed[] = [];
  for (const line of lines) {
    const { custom_id: id, response, error } = lineSchema.parse(JSON.parse(line));
    const request = waiting.get(id);
    if (!request) continue;
    waiting.delete(id);
    // Money was put down for it by the process that submitted it; what it cost takes its place.
    const charge = (cost: number) => budget.settle(0, cost - (resumed ? 0 : request.dollars));
    try {
      if (response?.status_code === 200) {
        const completion = readCompletion(response.body);
        charge(price ? tokenCost(price, completion.usage, true) : 0);
        exchange.keep(exchange.read(id, completion), waited);
        continue;
      }
      charge(0);
      const failure = response && failureOf(errorOf(response), exchange.endpoint);
      if (failure?.refused) exchange.keep(exchange.read(id, FILTERED), waited);
      else failed.push({ id, reason: failure?.reason ?? `batch: ${error?.code ?? 'no response'}` });
    } catch (cause) {
      if (!(cause instanceof MalformedResponseError)) throw cause;
      failed.push({ id, reason: `malformed response: ${cause.message}` });
    }
  }
  const rest = [...waiting.keys()].map((id) => ({
    id,
    reason: `the batch is ${end}, without an answer to it`,
  }));
  return [...failed, ...rest];
}

/** The error that the response would have been, had it come by itself. */
function errorOf({ status_code, body }: { readonly status_code: number; readonly body: unknown }): Error {
  const error = typeof body === 'object' && body !== null ? body : {};
  return OpenAI.APIError.generate(status_code, error, undefined, new Headers());
}
