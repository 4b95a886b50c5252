import type { Llama, LlamaModel, LlamaModelOptions } from 'node-llama-cpp';
import { type GgufFile, readGguf } from '../../models/gguf/file.js';
import { assertModel } from '../../models/gguf/usable.js';
import { UserError } from '../../project/error.js';
import { engineOptions } from './engine.js';
import { assertFits, type ContextShape, contextBytes, type Memory, memoryHere } from './memory.js';

/** A model in memory, on the GPU where there is one. */
export interface LoadedModel {
  readonly path: string;
  readonly header: GgufFile;
  readonly llama: Llama;
  readonly model: LlamaModel;
  /** What computes: `cpu`, `cuda`, ... */
  readonly device: string;
  /** The same for a record's making, which also says if the engine was built here (`make engine`). */
  readonly computedOn: string;
  /** Before the model was loaded. */
  readonly memory: Memory;
  dispose(): Promise<void>;
}

/**
 * Loads a GGUF model through llama.cpp.
 *
 * @param context the least that the model's contexts will hold.
 * @throws UserError if it is broken or will not fit into memory with such a context, before it is loaded; or if llama.cpp
 *   does not know it.
 */
export async function loadGguf(path: string, context: ContextShape): Promise<LoadedModel> {
  return load(path, context);
}

/** Loads of a GGUF model its vocabulary and chat format alone: enough to tokenise. */
export async function loadVocabulary(path: string): Promise<LoadedModel> {
  return load(path, undefined);
}

async function load(path: string, context: ContextShape | undefined): Promise<LoadedModel> {
  // What is broken ends llama.cpp, and this process with it.
  const header = readGguf(path);
  assertModel(header);
  // node-llama-cpp awaits at its top level, which a notebook's import cannot.
  const { getLlama, GgufInsights, LlamaLogLevel, readGgufFileInfo } = await import('node-llama-cpp');
  const llama = await getLlama({ build: 'never', logLevel: LlamaLogLevel.error, ...engineOptions() });
  const memory = memoryHere();
  if (llama.gpu === false && context) {
    const insights = await GgufInsights.from(await readGgufFileInfo(path, { logWarnings: false }), llama);
    assertFits([path], await contextBytes(insights, context), memory);
  }
  const model = await loadModel(llama, { modelPath: path, vocabOnly: !context });
  const device = llama.gpu || 'cpu';
  return {
    path,
    header,
    llama,
    model,
    device,
    computedOn: llama.buildType === 'localBuild' ? `${device}, native build` : device,
    memory,
    async dispose() {
      await model.dispose();
      await llama.dispose();
    },
  };
}

async function loadModel(llama: Llama, options: LlamaModelOptions): Promise<LlamaModel> {
  try {
    return await llama.loadModel(options);
  } catch (cause) {
    throw new UserError(
      `llama.cpp does not load the model: ${cause instanceof Error ? cause.message : cause}`,
      {
        at: { file: options.modelPath },
        hint: 'What it says of it stands above. It must be a model that this release of llama.cpp knows, and whole.',
        cause,
      },
    );
  }
}
