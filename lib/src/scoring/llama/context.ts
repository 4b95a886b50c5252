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
