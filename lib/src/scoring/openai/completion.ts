import { z } from 'zod';
import type { TokenUsage } from '../../models/prices.js';

/** A response that is none: cut short, not JSON, or without what was asked for. It may have been paid for. */
export class MalformedResponseError extends Error {
  override readonly name = 'MalformedResponseError';
}

/** One of the tokens that a model held most probable. */
export interface TopToken {
  readonly token: string;
  /** Natural logarithm. */
  readonly logprob: number;
}

/** A model's response, as far as it is used. */
export interface Completion {
  /** What the model calls itself. */
  readonly model: string;
  readonly text: string;
  /** Why the text ended: `stop`, `length`, `content_filter`, ... */
  readonly finish: string;
  /** The endpoint says that the model, or a filter, would not answer. */
  readonly refused: boolean;
  /** The most probable first tokens; undefined where the endpoint gives none. */
  readonly top: readonly TopToken[] | undefined;
  readonly usage: TokenUsage;
}

const count = z.int().nonnegative();
const schema = z.object({
  model: z.string().max(500).default(''),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().max(60).nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
        logprobs: z
          .object({
            content: z
              .array(
                z.object({
                  top_logprobs: z.array(z.object({ token: z.string(), logprob: z.number() })).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
      }),
    )
    .min(1),
  usage: z.object({
    prompt_tokens: count,
    completion_tokens: count,
    prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
  }),
});

/** Reads the body of a response. @throws MalformedResponseError saying what it lacks. */
export function readCompletion(body: unknown): Completion {
  const read = schema.safeParse(body);
  if (!read.success) {
    const flaw = read.error.issues[0];
    throw new MalformedResponseError(`its ${flaw?.path.join('.') || 'body'} is not as it should be`);
  }
  const { model, choices, usage } = read.data;
  const choice = choices[0];
  const refusal = choice?.message.refusal ?? '';
  const finish = choice?.finish_reason ?? '';
  return {
    model,
    text: choice?.message.content ?? refusal,
    finish,
    refused: refusal !== '' || finish === 'content_filter',
    top: choice?.logprobs?.content?.[0]?.top_logprobs ?? undefined,
    usage: {
      prompt: usage.prompt_tokens,
      cached: Math.min(usage.prompt_tokens, usage.prompt_tokens_details?.cached_tokens ?? 0),
      completion: usage.completion_tokens,
    },
  };
}
