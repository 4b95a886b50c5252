import type { Llama, LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp';
import type { Example } from '../../datasets/example.js';
import type { GgufModel } from '../../models/catalogue.js';
import { locateModel } from '../../models/locate.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { promptFrame } from '../chat.js';
import type { Question } from '../scorer.js';
import type { GeneratedText, Limits, Writer } from '../writer.js';
import { LAYOUT } from './layout.js';
import { threadsWanted } from './provider.js';
import {
  compare,
  evaluate,
  neededContext,
  promptTokens,
  REFUSE_SHIFT,
  rewind,
  type ScorerOptions,
  tokeniseExample,
  withBos,
} from './scorer.js';

/** A GGUF model as a writer, in process: fetched and verified first if need be. */
export async function openGgufWriter(model: GgufModel, paths: Paths = projectPaths()): Promise<Writer> {
  const { path } = await locateModel(model, paths);
  process.stderr.write(`${model.title}: loading ${path}\n`);
  return openLlamaWriter(path, threadsWanted());
}

/** Loads a GGUF model through llama.cpp, to write what it holds most probable. */
export async function openLlamaWriter(path: string, options: ScorerOptions = {}): Promise<Writer> {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const llama = await getLlama({ build: 'never', logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: path });
  return {
    device: llama.gpu || 'cpu',
    write: (question, examples, limits, onText) =>
      writeAll(llama, model, options, question, examples, limits, onText),
    async dispose() {
      await model.dispose();
      await llama.dispose();
    },
  };
}

/** Lays prompts out as the scorer does, so that a text is the same whatever was written before it. */
async function writeAll(
  llama: Llama,
  model: LlamaModel,
  options: ScorerOptions,
  { template, shots }: Question,
  examples: readonly Example[],
  limits: Limits,
  onText: (id: string, text: GeneratedText, milliseconds: number) => void,
): Promise<void> {
  const frame = promptFrame(template, shots, {
    template: model.fileInfo.metadata.tokenizer?.chat_template,
    bos: model.tokens.bosString ?? '',
    eos: model.tokens.eosString ?? '',
  });
  const before = withBos(model, promptTokens(model, frame.before));
  const tokenised = examples
    .map((example) => tokeniseExample(model, frame, example))
    .sort((a, b) => compare(a.example.evidence, b.example.evidence) || compare(a.example.id, b.example.id));
  const threads = options.threads ?? llama.cpuMathCores;
  const context = await model.createContext({
    contextSize: Math.max(
      options.contextSize ?? 0,
      neededContext(model, before, tokenised) + limits.maxTokens,
    ),
    batchSize: LAYOUT.batch,
    sequences: 1,
    flashAttention: false,
    threads: { ideal: threads, min: threads },
  });
  try {
    const sequence = context.getSequence();
    await evaluate(sequence, before);
    for (const { example, evidence, question } of tokenised) {
      const started = performance.now();
      await rewind(sequence, before.length);
      await evaluate(sequence, evidence);
      const written = await writeOne(model, sequence, question, limits);
      const prompt = before.length + evidence.length + question.length;
      onText(example.id, { ...written, refused: false, promptTokens: prompt }, performance.now() - started);
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
