import type OpenAI from 'openai';
import type { ApiModel } from '../../models/catalogue.js';
import { type TokenPrice, tokenCost } from '../../models/prices.js';
import type { Row } from '../../tasks/row.js';
import type { Question } from '../scorer.js';
import { messagesOf } from './messages.js';
import { requestBody, type Wanted } from './request.js';

/** A request to be sent, with what it may need and cost. */
export interface Pending {
  /** The example's. */
  readonly id: string;
  readonly body: OpenAI.ChatCompletionCreateParamsNonStreaming;
  /** Tokens of prompt and answer, on the high side. */
  readonly tokens: number;
  /** Dollars, on the high side; 0 where the model has no price. */
  readonly dollars: number;
}

/**
 * The request about an example. Its tokens are not counted, because the vocabulary may be anyone's, but estimated from
 * above: a token for each three bytes (English prose has four to five), a few a message, and the longest answer.
 */
export function pendingRequest(
  model: ApiModel,
  wanted: Wanted,
  { prompt, shots }: Question,
  example: Row,
  { price, batch }: { readonly price: TokenPrice | undefined; readonly batch: boolean },
): Pending {
  const messages = messagesOf(prompt, shots, example);
  const tokens = messages.reduce(
    (sum, { content }) => sum + Math.ceil(Buffer.byteLength(content) / 3) + 8,
    8,
  );
  const completion = wanted.kind === 'scores' ? 1 : wanted.maxTokens;
  return {
    id: example.id,
    body: requestBody(model, wanted, messages),
    tokens: tokens + completion,
    dollars: price ? tokenCost(price, { prompt: tokens, cached: 0, completion }, batch) : 0,
  };
}
