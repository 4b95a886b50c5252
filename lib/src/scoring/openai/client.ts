import OpenAI from 'openai';
import type { ApiModel } from '../../models/catalogue.js';
import type { Endpoint } from './endpoint.js';

/** A response as it came. */
interface Reply {
  readonly body: unknown;
  readonly headers: Headers;
}

/** Sends a request once. */
export type Send = (body: OpenAI.ChatCompletionCreateParamsNonStreaming) => Promise<Reply>;

/** A client of the endpoint that repeats nothing by itself and logs nothing. */
export function connect(model: ApiModel, { url, key }: Endpoint): OpenAI {
  return new OpenAI({
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
    const signal = AbortSignal.timeout(timeout);
    const { data, response } = await client.chat.completions
      .create(body, { signal, timeout: timeout + 1000 })
      .withResponse();
    return { body: data, headers: response.headers };
  };
}
