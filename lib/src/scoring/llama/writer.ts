import type { LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp';
import type { GgufModel } from '../../models/catalogue.js';
import { cacheOf, locateWeights } from '../../models/compute.js';
import { pinModel } from '../../models/pin.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import type { Row } from '../../tasks/row.js';
import type { Question } from '../scorer.js';
import type { GeneratedText, Limits, Writer } from '../writer.js';
import { neededContext, openContext } from './context.js';
import { evaluateAllButLast, REFUSE_SHIFT } from './evaluation.js';
import { CANONICAL } from './layout.js';
import { type LoadedModel, loadGguf } from './loading.js';
import { threadsWanted } from './provider.js';
import { leastContext, type ScorerOptions } from './scorer.js';
import { sharedParts } from './sharing.js';
import { type Part, thoughtNote, tokenise } from './tokens.js';

/** A GGUF model as a writer, in process: fetched and verified first if need be. */
export async function openGgufWriter(model: GgufModel, paths: Paths = projectPaths()): Promise<Writer> {
  const { path } = await locateWeights(await pinModel(model, paths), paths);
  process.stderr.write(`${model.title}: loading ${path}\n`);
  return openLlamaWriter(path, { ...threadsWanted(), cache: cacheOf(model) });
}

/** Loads a GGUF model through llama.cpp, to write what it holds most probable. @internal */
export async function openLlamaWriter(path: string, options: ScorerOptions = {}): Promise<Writer> {
  const loaded = await loadGguf(path, leastContext(options));
  return {
    device: loaded.computedOn,
    write: (question, examples, limits, onText) =>
      writeAll(loaded, options, question, examples, limits, onText),
    dispose: loaded.dispose,
  };
}

/** Lays prompts out as the scorer does, so that a text is the same whatever was written before it. */
async function writeAll(
  loaded: LoadedModel,
  options: ScorerOptions,
  question: Question,
  examples: readonly Row[],
  limits: Limits,
  onText: (id: string, text: GeneratedText, milliseconds: number) => void,
): Promise<void> {
  const { llama, model } = loaded;
  const prompts = tokenise(model, question, examples);
  const note = thoughtNote(model, question);
  if (note) process.stderr.write(`${note}\n`);
  const threads = options.threads ?? llama.cpuMathCores;
  const shape = {
    contextSize: Math.max(options.contextSize ?? 0, neededContext(model, prompts) + limits.maxTokens),
    batchSize: CANONICAL.batch,
    sequences: 1,
    cache: options.cache,
  };
  const context = await openContext(loaded, question.adapter, shape, threads);
  try {
    const sequence = context.getSequence();
    let previous: readonly Part[] = [];
    for (const { id, parts, tokens } of prompts) {
      const started = performance.now();
      // What was written stands after the last part, which is therefore evaluated even where it is shared.
      await evaluateAllButLast(sequence, parts, Math.min(sharedParts(previous, parts), parts.length - 1));
      const written = await writeOne(model, sequence, parts[2], limits);
      previous = parts;
      onText(id, { ...written, refused: false, promptTokens: tokens }, performance.now() - started);
    }
  } finally {
    await context.dispose();
  }
}

async function writeOne(
  model: LlamaModel,
  sequence: LlamaContextSequence,
  prompt: readonly Token[],
  { maxTokens, stop }: Limits,
): Promise<Pick<GeneratedText, 'text' | 'finish' | 'completionTokens'>> {
  const tokens: Token[] = [];
  const end = (finish: string, text: string) => ({ text, finish, completionTokens: tokens.length });
  for await (const token of sequence.evaluate([...prompt], { temperature: 0, contextShift: REFUSE_SHIFT })) {
    tokens.push(token);
    const text = model.detokenize(tokens);
    const ends = stop.map((string) => text.indexOf(string)).filter((at) => at >= 0);
    if (ends.length > 0) return end('stop', text.slice(0, Math.min(...ends)));
    if (tokens.length >= maxTokens) return end('length', text);
  }
  return end('stop', model.detokenize(tokens));
}
