import type { LlamaContext, LlamaModel } from 'node-llama-cpp';
import type { AdapterFile } from '../../models/adapters.js';
import { readGguf } from '../../models/gguf/file.js';
import { assertAdapter } from '../../models/gguf/usable.js';
import { UserError } from '../../project/error.js';
import type { LoadedModel } from './loading.js';
import { assertFits, type ContextShape, contextBytes } from './memory.js';
import type { TokenisedPrompt } from './tokens.js';

/**
 * A context of a model, with the adapter on it if there is one. Without flash attention: it moves results.
 *
 * @throws UserError if model and context do not fit into memory together, or the adapter cannot be put on the model.
 */
export async function openContext(
  { path, header, model, device, memory }: LoadedModel,
  adapter: AdapterFile | undefined,
  shape: ContextShape,
  threads: number,
): Promise<LlamaContext> {
  if (device === 'cpu') {
    const files = [path, ...(adapter ? [adapter.path] : [])];
    assertFits(files, await contextBytes(model.fileInsights, shape), memory);
  }
  const { cache, ...size } = shape;
  const options = {
    ...size,
    flashAttention: false,
    ...(cache && { experimentalKvCacheKeyType: cache, experimentalKvCacheValueType: cache }),
    threads: { ideal: threads, min: threads },
  };
  if (!adapter) return model.createContext(options);
  assertAdapter(readGguf(adapter.path), header);
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

/** Prompts that a model's context does not hold. */
export class LongPromptError extends UserError {
  constructor(
    /** The examples, at least one. */
    readonly long: readonly Pick<TokenisedPrompt, 'id' | 'tokens'>[],
    /** Tokens that the context holds. */
    readonly most: number,
  ) {
    const [first] = long;
    super(
      `the prompt of example ${first?.id} has ${first?.tokens} tokens; the model’s context holds ${most}`,
      { hint: 'Use fewer shots, a build with shorter evidence, or a model with a larger context.' },
    );
  }
}

/**
 * The tokens that the longest prompt and the position of its answer take.
 *
 * @throws LongPromptError naming the first example whose prompt does not fit the model's context.
 */
export function neededContext(model: LlamaModel, prompts: readonly TokenisedPrompt[]): number {
  const long = prompts.filter(({ tokens }) => tokens > model.trainContextSize);
  if (long.length > 0) throw new LongPromptError(long, model.trainContextSize);
  const longest = prompts.reduce((most, { tokens }) => Math.max(most, tokens), 0);
  // One more: the position of the answer.
  return longest + 1;
}
