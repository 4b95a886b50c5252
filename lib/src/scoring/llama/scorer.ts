import type { Row } from '../../tasks/row.js';
import type { LabelScore } from '../label-score.js';
import type { Question, Scorer } from '../scorer.js';
import { neededContext, openContext } from './context.js';
import { scoreGroups } from './evaluation.js';
import { CANONICAL, type Layout } from './layout.js';
import { type LoadedModel, loadGguf } from './loading.js';
import type { ContextShape } from './memory.js';
import { byFirstField, tokensToEvaluate } from './sharing.js';
import { answerTokens, type TokenisedPrompt, thoughtNote, tokenise } from './tokens.js';

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
  const loaded = await loadGguf(path, leastContext(options));
  return {
    device: loaded.computedOn,
    score: (question, examples, onScore) => scoreAll(loaded, options, question, examples, onScore),
    dispose: loaded.dispose,
  };
}

/** What every context takes at least: one sequence, of 256 tokens if no more are asked for; llama.cpp has no shorter ones. */
export const leastContext = ({
  contextSize = 256,
  layout = CANONICAL,
  cache,
}: ScorerOptions): ContextShape => ({ contextSize, batchSize: layout.batch, sequences: 1, cache });

async function scoreAll(
  loaded: LoadedModel,
  options: ScorerOptions,
  question: Question,
  examples: readonly Row[],
  onScore: (score: LabelScore, milliseconds: number) => void,
): Promise<void> {
  if (examples.length === 0) return;
  const { llama, model, device } = loaded;
  const layout = options.layout ?? CANONICAL;
  const threads = options.threads ?? llama.cpuMathCores;
  const prompts = tokenise(model, question, examples);
  const answers = answerTokens(model, question);
  const note = thoughtNote(model, question);
  if (note) process.stderr.write(`${note}\n`);
  const contextSize = Math.max(options.contextSize ?? 0, neededContext(model, prompts));
  const groups = byFirstField(prompts);
  const sequences = layout.name === 'batched' ? Math.min(layout.sequences, groups.length) : 1;
  const shape = { contextSize, batchSize: layout.batch, sequences, cache: options.cache };
  const context = await openContext(loaded, question.adapter, shape, threads);
  const { ram, vram } = context.memoryUsage;
  process.stderr.write(
    `${prompts.length} prompts of ${sum(prompts)} tokens, ${tokensToEvaluate(prompts)} after sharing; ` +
      `${layout.name} layout, at most ${layout.batch} tokens at a time, ` +
      `${sequences} x ${contextSize} tokens of context in ${Math.ceil((ram + vram) / 2 ** 20)} MiB, ` +
      `${device}, ${threads} threads\n`,
  );
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
