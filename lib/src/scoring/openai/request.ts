import type OpenAI from 'openai';
import type { ApiModel } from '../../models/catalogue.js';
import type { Json } from '../../records/header.js';
import type { Limits } from '../writer.js';
import type { Message } from './messages.js';

/** What is wanted of a model: log-probabilities of the answer's first token, or an answer as text. */
export type Wanted = { readonly kind: 'scores' } | ({ readonly kind: 'answers' } & Limits);

/** The sampling parameters of a request, as they stand in a run's header. */
export function sampling(model: ApiModel, wanted: Wanted): { readonly [field: string]: Json } {
  const effort = model.reasoningEffort;
  return {
    // A model that thinks takes no temperature.
    ...(effort === undefined ? { temperature: 0 } : { reasoningEffort: effort }),
    ...(wanted.kind === 'scores'
      ? { maxTokens: 1, topLogprobs: model.topLogprobs }
      : { maxTokens: wanted.maxTokens, stop: wanted.stop }),
  };
}

/** The body of a request. */
export function requestBody(
  model: ApiModel,
  wanted: Wanted,
  messages: readonly Message[],
): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const maxTokens = wanted.kind === 'scores' ? 1 : wanted.maxTokens;
  return {
    model: model.apiModel,
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...(model.reasoningEffort === undefined
      ? { temperature: 0 }
      : { reasoning_effort: model.reasoningEffort }),
    // OpenAI has renamed it, and its newer models refuse the old name; not every other server knows the new one.
    ...(model.server === 'openai' ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens }),
    ...(wanted.kind === 'scores' && { logprobs: true, top_logprobs: model.topLogprobs }),
    ...(wanted.kind === 'answers' && wanted.stop.length > 0 && { stop: [...wanted.stop] }),
  };
}
