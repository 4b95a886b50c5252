import type { Llama, LlamaContext, LlamaModel } from 'node-llama-cpp';
import type { Example } from '../../datasets/example.js';
import type { AdapterFile } from '../../models/adapters.js';
import { UserError } from '../../project/error.js';
import type { LabelScore } from '../label-score.js';
import type { Question, Scorer } from '../scorer.js';
import { scoreGroups } from './evaluation.js';
import { CANONICAL, type Layout } from './layout.js';
import { loadGguf } from './loading.js';
import { byEvidence, tokensToEvaluate } from './sharing.js';
import { answerTokens, type TokenisedPrompt, tokenise } from './tokens.js';

/** How a model is loaded. In the canonical layout neither threads nor context size changes a result on one CPU. */
export interface ScorerOptions {
  /** Default: one a physical core. */
  readonly threads?: number;
  /** Tokens a sequence, if more than the longest prompt needs. */
  readonly contextSize?: number;
  /** Default: canonical. */
  readonly layout?: Layout;
  /** How keys and values are kept. Default: in 16 bits, as llama.cpp does; 32 are for comparisons with other programs. */
  readonly cache?: 'F16' | 'F32';
}

/**
 * Loads a GGUF model through llama.cpp, on the GPU where there is one. The model is loaded once, whatever adapters
 * the questions put on it.
 *
 * @throws UserError if the model will not fit into memory, before it is loaded.
 */
export async function openLlamaScorer(path: string, options: ScorerOptions = {}): Promise<Scorer> {
  const { llama, model, device, dispose } = await loadGguf(path);
  return {
    device,
    score: (question, examples, onScore) => scoreAll(llama, model, options, question, examples, onScore),
    dispose,
  };
}

async function scoreAll(
  llama: Llama,
  model: LlamaModel,
  options: ScorerOptions,
  question: Question,
  examples: readonly Example[],
  onScore: (score: LabelScore, milliseconds: number) => void,
): Promise<void> {
  if (examples.length === 0) return;
  const layout = options.layout ?? CANONICAL;
  const threads = options.threads ?? llama.cpuMathCores;
  const prompts = tokenise(model, question, examples);
  const answers = answerTokens(model, question);
  const contextSize = Math.max(options.contextSize ?? 0, neededContext(model, prompts));
  const groups = byEvidence(prompts);
  const sequences = layout.name === 'batched' ? Math.min(layout.sequences, groups.length) : 1;
  process.stderr.write(
    `${prompts.length} prompts of ${sum(prompts)} tokens, ${tokensToEvaluate(prompts)} after sharing; ` +
      `${layout.name} layout, ${sequences} x ${contextSize} tokens of context, ` +
      `${llama.gpu || 'cpu'}, ${threads} threads\n`,
  );
  const context = await openContext(model, question.adapter, {
    contextSize,
    batchSize: layout.batch,
    sequences,
    flashAttention: false,
    ...(options.cache && {
      experimentalKvCacheKeyType: options.cache,
      experimentalKvCacheValueType: options.cache,
    }),
    threads: { ideal: threads, min: threads },
  });
  try {
    const queue = drained(groups);
    const each = Array.from({ length: sequences }, () =>
      scoreGroups(context.getSequence(), queue, answers, onScore),
    );
    // All have to end before the context is taken from under them.
    const failed = (await Promise.allSettled(each)).find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  } finally {
    await context.dispose();
  }
}

/** Every sequence takes the next group when it has done one; one that fails ends it for all. */
function* drained<T>(items: readonly T[]): Generator<T> {
  yield* items;
}

const sum = (prompts: readonly TokenisedPrompt[]) => prompts.reduce((all, { tokens }) => all + tokens, 0);

/** A context of the model, with the adapter on it if there is one. */
export async function openContext(
  model: LlamaModel,
  adapter: AdapterFile | undefined,
  options: NonNullable<Parameters<LlamaModel['createContext']>[0]>,
): Promise<LlamaContext> {
  if (!adapter) return model.createContext(options);
  try {
    return await model.createContext({ ...options, lora: { adapters: [{ filePath: adapter.path }] } });
  } catch (cause) {
    throw new UserError(
      `the adapter cannot be put on the model: ${cause instanceof Error ? cause.message : cause}`,
      {
        at: { file: adapter.path },
        hint: 'It must be a LoRA adapter in GGUF, made for this very model.',
        cause,
      },
    );
  }
}

/**
 * The tokens that the longest prompt and the position of its answer take.
 *
 * @throws UserError naming the first example whose prompt does not fit the model's context.
 */
export function neededContext(model: LlamaModel, prompts: readonly TokenisedPrompt[]): number {
  let longest = 0;
  for (const { id, tokens } of prompts) {
    if (tokens > model.trainContextSize) {
      throw new UserError(
        `the prompt of example ${id} has ${tokens} tokens; the model’s context holds ${model.trainContextSize}`,
        { hint: 'Use fewer shots, a build with shorter evidence, or a model with a larger context.' },
      );
    }
    longest = Math.max(longest, tokens);
  }
  // One more: the position of the answer.
  return longest + 1;
}
