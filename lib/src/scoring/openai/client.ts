import OpenAI from 'openai';
import type { ApiModel } from '../../models/catalogue.js';
import { interruption } from '../../project/interruption.js';
import { MalformedResponseError } from './completion.js';
import type { Endpoint } from './endpoint.js';

/** A response as it came. */
interface Reply {
  readonly body: unknown;
  readonly headers: Headers;
}

/** Sends a request once. */
export type Send = (body: OpenAI.ChatCompletionCreateParamsNonStreaming) => Promise<Reply>;

/**
 * A client of the endpoint that repeats nothing by itself, logs nothing, and sends nothing to where the endpoint leads on.
 *
 * @param timeout milliseconds in which a whole response has to be there; of a batch's file it has ten times as long.
 */
export function connect(model: ApiModel, { url, key }: Endpoint, timeout: number): OpenAI {
  return new OpenAI({
    fetch: boundedFetch(timeout),
    baseURL: url,
    // The package insists on a key; a server of one's own takes any.
    apiKey: key ?? 'none',
    maxRetries: 0,
    logLevel: 'off',
    // Whose account it is concerns OpenAI alone.
    ...(model.server !== 'openai' && { organization: null, project: null }),
  });
}

/** @param timeout milliseconds in which the whole response has to be there. */
export function sender(client: OpenAI, timeout: number): Send {
  return async (body) => {
    const signal = AbortSignal.any([AbortSignal.timeout(timeout), interruption()]);
    const { data, response } = await client.chat.completions
      .create(body, { signal, timeout: timeout + 1000 })
      .withResponse();
    return { body: data, headers: response.headers };
  };
}

/** Bytes of a response: of a request a thousand times what it takes, of a batch's file what JavaScript can hold as a text. */
const MOST_BYTES = 2 ** 24;
const MOST_FILE_BYTES = 2 ** 29 - 2 ** 10;

/**
 * Fetches in bounded time and memory, from the named host alone: a redirection is not followed, since the text of a prompt
 * would go with it.
 */
function boundedFetch(timeout: number): typeof fetch {
  return async (input, init) => {
    const isFile = /\/content$/.test(input instanceof Request ? input.url : String(input));
    const limit = AbortSignal.timeout(isFile ? 10 * timeout : timeout);
    const signal = AbortSignal.any([limit, ...(init?.signal ? [init.signal] : [])]);
    const response = await fetch(input, { ...init, redirect: 'manual', signal });
    if (!response.body) return response;
    const most = isFile ? MOST_FILE_BYTES : MOST_BYTES;
    let bytes = 0;
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.length;
        if (bytes > most) throw new MalformedResponseError(`it is longer than ${most} bytes`);
        controller.enqueue(chunk);
      },
    });
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(counted), { status, statusText, headers });
  };
}
