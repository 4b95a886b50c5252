import { existsSync, readFileSync, rmSync } from 'node:fs';
import OpenAI, { toFile } from 'openai';
import { z } from 'zod';
import { writeFileAtomic } from '../../project/atomic.js';
import { UserError } from '../../project/error.js';
import { collectBatch } from './batch-results.js';
import { dollarText } from './budget.js';
import { type Endpoint, harmless } from './endpoint.js';
import { failureOf } from './failure.js';
import type { Exchange, Outcome } from './outcome.js';
import type { Pending } from './pending.js';

/** An endpoint that goes on listing is at fault: a batch of yesterday is among the first. */
const MOST_BATCHES = 10_000;
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
  const submitted = hasBatch(stateFile)
    ? await findBatch(client, readState(stateFile), stateFile)
    : undefined;
  const state = submitted ?? newState(requests, exchange);
  if (state.ids.length === 0) {
    return {
      failed: [],
      stopped: `the ${dollarText(exchange.budget.cap)} allowed do not pay for one request`,
    };
  }
  const among = new Set(state.ids);
  const asked = requests.filter(({ id }) => among.has(id));
  const id = state.batch ?? (await submit(client, asked, state, stateFile, exchange));
  process.stderr.write(`batch of ${state.ids.length} requests submitted; it may take up to a day\n`);

  const batch = await untilOver(client, id, exchange);
  const waited = (clock.now() - started) / Math.max(1, state.ids.length);
  const lines = await linesOf(client, batch);
  const failed = collectBatch(lines, endOf(batch, exchange.endpoint), asked, exchange, {
    waited,
    held: submitted === undefined,
  });
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
    ids.push(id);
  }
  return { mark: crypto.randomUUID(), ids };
}

function readState(file: string): State {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new UserError('this file, which holds the id of a batch under way, is damaged', {
      at: { file },
      hint: 'Restore it, or remove it to ask again for what that batch was to answer; it may have been paid for.',
      cause,
    });
  }
}

/** The batch that another process submitted; undefined if it was killed before there was one. */
async function findBatch(client: OpenAI, state: State, stateFile: string): Promise<State | undefined> {
  if (state.batch !== undefined) return state;
  let looked = 0;
  for await (const { id, metadata } of client.batches.list({ limit: 100 })) {
    looked += 1;
    if (looked > MOST_BATCHES) break;
    if (metadata?.['small_claims'] === state.mark) return keep({ ...state, batch: id }, stateFile);
  }
  return undefined;
}

function keep(state: State, stateFile: string): State {
  writeFileAtomic(stateFile, JSON.stringify(state));
  return state;
}

/** Creates a batch and gives its id. Where there is none for certain, the money put aside for it is free again. */
async function submit<Row>(
  client: OpenAI,
  requests: readonly Pending[],
  state: State,
  stateFile: string,
  { budget }: Exchange<Row>,
): Promise<string> {
  try {
    return await create(client, requests, state, stateFile);
  } catch (cause) {
    const refused = cause instanceof OpenAI.APIError && cause.status !== undefined;
    if (refused || !existsSync(stateFile)) {
      rmSync(stateFile, { force: true });
      for (const { dollars } of requests) budget.settle(dollars, 0);
    }
    throw cause;
  }
}

async function create(
  client: OpenAI,
  requests: readonly Pending[],
  state: State,
  stateFile: string,
): Promise<string> {
  // A note of a process that was killed before it had created its batch.
  rmSync(stateFile, { force: true });
  const lines = requests.map(({ id, body }) =>
    JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body }),
  );
  const file = await client.files.create({
    file: await toFile(Buffer.from(`${lines.join('\n')}\n`), 'requests.jsonl'),
    purpose: 'batch',
  });
  keep(state, stateFile);
  const batch = await client.batches.create({
    input_file_id: file.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
    metadata: { small_claims: state.mark },
  });
  keep({ ...state, batch: batch.id }, stateFile);
  return batch.id;
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
