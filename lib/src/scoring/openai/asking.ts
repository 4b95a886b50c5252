import { join } from 'node:path';
import type { ApiModel } from '../../models/catalogue.js';
import { readPrices, type TokenPrice } from '../../models/prices.js';
import { writeFileAtomic } from '../../project/atomic.js';
import { UserError } from '../../project/error.js';
import { interruption } from '../../project/interruption.js';
import type { Paths } from '../../project/paths.js';
import { visible } from '../../project/visible.js';
import type { Row } from '../../tasks/row.js';
import type { Question, RunPlace } from '../scorer.js';
import { askByBatch, hasBatch } from './batch.js';
import { type Budget, dollarText } from './budget.js';
import { connect, sender } from './client.js';
import { type Completion, MalformedResponseError } from './completion.js';
import { dispatch } from './dispatch.js';
import { type Endpoint, findEndpoint } from './endpoint.js';
import { announceCost } from './estimate.js';
import { failureOf } from './failure.js';
import type { ApiOptions } from './options.js';
import { failureText, type Outcome } from './outcome.js';
import { pendingRequest } from './pending.js';
import type { Wanted } from './request.js';

/** What is asked of a model behind an endpoint. */
export interface Asking<Kept> {
  readonly model: ApiModel;
  readonly wanted: Wanted;
  readonly question: Question;
  readonly examples: readonly Row[];
  readonly place: RunPlace;
  /** Makes a row of a response. @throws MalformedResponseError where the response lacks what the row needs. */
  readonly read: (id: string, completion: Completion) => Kept;
  /** Keeps a row for good, with the milliseconds its request took. */
  readonly keep: (row: Kept, milliseconds: number) => void;
}

/** What it is asked with. */
export interface ApiMeans {
  readonly paths: Paths;
  readonly budget: Budget;
  readonly options: ApiOptions;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Asks about every example, directly or by batch, and keeps each row as soon as it is there.
 *
 * @throws UserError where key, address, price or budget are missing, before anything is sent; and at the end, where
 *   examples are left without a row, with the reasons counted. The rows there are have been kept.
 */
export async function askExamples<Kept>(asking: Asking<Kept>, means: ApiMeans): Promise<void> {
  const { model, wanted, question, examples, place, read, keep } = asking;
  const { budget, options, paths } = means;
  if (question.adapter) {
    throw new UserError(`${model.title} is asked as it is: an adapter cannot be sent to an endpoint`, {
      hint: 'Serve the adapter there under a name of its own, and enter that as a model.',
    });
  }
  const endpoint = findEndpoint(model, means.env);
  const price = priceOf(model, paths);
  const stateFile = `${place.stem}.batch.json`;
  // A batch that was submitted is paid for: it is waited for, whatever is asked now.
  const submitted = hasBatch(stateFile);
  const batch = submitted || options.batch;
  const requests = examples.map((example) =>
    pendingRequest(model, wanted, question, example, { price, batch }),
  );
  if (!submitted) announceCost(place.name, requests, price, batch, budget);

  const told = new Set<string>();
  const tell = (text: string) => {
    if (!told.has(text)) process.stderr.write(`${place.name}: ${visible(text)}\n`);
    told.add(text);
  };
  const silent = setTimeout(
    tell,
    SILENT_MS,
    `no response yet after ${SILENT_MS / 1000} s; a request has ${options.timeout / 1000} s`,
  );
  let kept = 0;
  const before = budget.spent;
  const exchange = {
    endpoint,
    budget,
    price,
    options,
    tell,
    read(id: string, completion: Completion) {
      // Of a name with a date, another is another model. Servers of one's own call theirs as they like.
      if (model.server === 'openai' && !['', model.apiModel].includes(completion.model)) {
        throw new MalformedResponseError(`it is of ${completion.model}, not of ${model.apiModel}`);
      }
      return read(id, completion);
    },
    keep(row: Kept, milliseconds: number) {
      clearTimeout(silent);
      keep(row, milliseconds);
      kept += 1;
    },
  };
  const signal = interruption();
  const client = connect(model, endpoint, options.timeout);
  let outcome: Outcome;
  try {
    outcome = batch
      ? await askByBatch(client, requests, stateFile, exchange)
      : await dispatch(requests, sender(client, options.timeout), exchange);
  } catch (error) {
    signal.throwIfAborted();
    throw explained(place.name, error, endpoint);
  } finally {
    clearTimeout(silent);
    if (price) process.stderr.write(`${place.name}: spent ${dollarText(budget.spent - before)}\n`);
  }
  if (kept < examples.length) throw incomplete(place.name, kept, examples.length, outcome, paths);
}

/** A user is told so soon that nothing comes. */
const SILENT_MS = 20_000;

/** Where a model is asked for no record. */
export const placeOf = ({ id }: ApiModel, paths: Paths): RunPlace => ({
  name: id,
  stem: join(paths.build, 'batches', id),
});

/** @throws UserError for a model of OpenAI's without a price: what it costs could not be told before. */
function priceOf(model: ApiModel, paths: Paths): TokenPrice | undefined {
  const price = readPrices(paths).tokens[model.apiModel];
  if (price || model.server !== 'openai') return price;
  throw new UserError(`the price of ${model.apiModel} is not known`, {
    at: { file: paths.pricesFile },
    hint: 'Add it under "tokens", with its source and the day you read it.',
  });
}

/** An error of the endpoint's as one of the user's, without its cause: that holds the request, and so the key. */
function explained(name: string, error: unknown, endpoint: Endpoint): unknown {
  const failure = failureOf(error, endpoint);
  if (!failure) return error;
  return new UserError(`${name}: ${failure.reason}`, { hint: 'What is there is kept; run again to go on.' });
}

function incomplete(
  name: string,
  kept: number,
  asked: number,
  { failed, stopped }: Outcome,
  paths: Paths,
): UserError {
  const file = join(paths.build, 'failed', `${name}.jsonl`);
  if (failed.length > 0) writeFileAtomic(file, failed.map((each) => `${JSON.stringify(each)}\n`).join(''));
  const why = [
    ...(stopped === undefined ? [] : [`It stopped: ${stopped}.`]),
    ...(failed.length > 0 ? [`${failed.length} failed, listed in ${file}:`, failureText(failed)] : []),
    'Run again to ask for the missing ones.',
  ];
  return new UserError(`${name}: ${kept} of ${asked} rows came and are kept`, { hint: why.join('\n  ') });
}
