import type { Llama, LlamaModel } from 'node-llama-cpp';
import { assertFits } from './memory.js';

/** A model in memory, on the GPU where there is one. */
export interface LoadedModel {
  readonly llama: Llama;
  readonly model: LlamaModel;
  /** What computes: `cpu`, `cuda`, ... */
  readonly device: string;
  dispose(): Promise<void>;
}

/**
 * Loads a GGUF model through llama.cpp.
 *
 * @throws UserError if it will not fit into memory, before it is loaded.
 */
export async function loadGguf(path: string): Promise<LoadedModel> {
  // node-llama-cpp awaits at its top level, which a notebook's import cannot.
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const llama = await getLlama({ build: 'never', logLevel: LlamaLogLevel.error });
  if (llama.gpu === false) assertFits(path);
  const model = await llama.loadModel({ modelPath: path });
  return {
    llama,
    model,
    device: llama.gpu || 'cpu',
    async dispose() {
      await model.dispose();
      await llama.dispose();
    },
  };
}
