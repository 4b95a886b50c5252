import type { Llama, LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp';
import type { Example, LABELS } from '../../datasets/example.js';
import { UserError } from '../../project/error.js';
import { type Piece, type PromptFrame, promptFrame } from '../chat.js';
import { type LabelScore, labelLogprobs } from '../label-score.js';
import { claimPart, evidencePart, type PromptTemplate } from '../prompt.js';
import type { Question, Scorer } from '../scorer.js';
import { LAYOUT } from './layout.js';

/** An example in the model's tokens. */
export interface TokenisedExample {
  readonly example: Example;
  readonly evidence: readonly Token[];
  readonly question: readonly Token[];
}

/** How a model is loaded. Neither option changes a result on the same CPU. */
export interface ScorerOptions {
  /** Default: one a physical core. */
  readonly threads?: number;
  /** Tokens, if more than the longest prompt needs. */
  readonly contextSize?: number;
}

/** Loads a GGUF model through llama.cpp, on the GPU where there is one. */
export async function openLlamaScorer(path: string, options: ScorerOptions = {}): Promise<Scorer> {
  // node-llama-cpp awaits at its top level, which a notebook's import cannot.
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const llama = await getLlama({ build: 'never', logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: path });
  return {
    device: llama.gpu || 'cpu',
    score: (question, examples, onScore) => scoreAll(llama, model, options, question, examples, onScore),
    async dispose() {
      await model.dispose();
      await llama.dispose();
    },
  };
}

async function scoreAll(
  llama: Llama,
  model: LlamaModel,
  options: ScorerOptions,
  { template, shots }: Question,
  examples: readonly Example[],
  onScore: (score: LabelScore, milliseconds: number) => void,
): Promise<void> {
  const frame = promptFrame(template, shots, {
    template: model.fileInfo.metadata.tokenizer?.chat_template,
    bos: model.tokens.bosString ?? '',
    eos: model.tokens.eosString ?? '',
  });
  const before = withBos(model, promptTokens(model, frame.before));
  const answers = answerTokens(model, template, frame);
  const tokenised = examples
    .map((example) => tokeniseExample(model, frame, example))
    .sort((a, b) => compare(a.example.evidence, b.example.evidence) || compare(a.example.id, b.example.id));
  const needed = neededContext(model, before, tokenised);
  const contextSize = Math.max(options.contextSize ?? 0, needed);

  const threads = options.threads ?? llama.cpuMathCores;
  const context = await model.createContext({
    contextSize,
    batchSize: LAYOUT.batch,
    sequences: 1,
    flashAttention: false,
    threads: { ideal: threads, min: threads },
  });
  try {
    const sequence = context.getSequence();
    let evaluated: TokenisedExample | undefined;
    for (const next of tokenised) {
      const started = performance.now();
      if (!evaluated) await evaluate(sequence, before);
      if (evaluated?.example.evidence !== next.example.evidence) {
        await rewind(sequence, before.length);
        await evaluate(sequence, next.evidence);
      } else {
        await rewind(sequence, before.length + next.evidence.length);
      }
      const scores = await evaluateAnswers(sequence, next.question, answers);
      evaluated = next;
      const promptTokens = before.length + next.evidence.length + next.question.length;
      onScore({ id: next.example.id, ...scores, promptTokens }, performance.now() - started);
    }
  } finally {
    await context.dispose();
  }
}

export const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The tokens of a prompt from its beginning. Pieces are tokenised apart, so that special tokens written in a data set
 * stay text; each but the first follows a line break, which no token spans.
 */
export function promptTokens(model: LlamaModel, [first, ...rest]: readonly Piece[]): Token[] {
  if (!first) return [];
  return [...model.tokenize(first.text, first.trusted), ...rest.flatMap((piece) => following(model, piece))];
}

/**
 * The tokens of a piece after a line break. SentencePiece would put a space before a text that stands alone; after a
 * line break it does not.
 */
export function following(model: LlamaModel, { text, trusted }: Piece, previous = '\n'): Token[] {
  const context = model.tokenize(previous, trusted);
  const whole = model.tokenize(previous + text, trusted);
  const shared = context.every((token, index) => whole[index] === token);
  return shared ? whole.slice(context.length) : [...model.tokenize(text, trusted)];
}

export function withBos(model: LlamaModel, tokens: readonly Token[]): readonly Token[] {
  const { bos, shouldPrependBosToken } = model.tokens;
  return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
}

export function tokeniseExample(model: LlamaModel, frame: PromptFrame, example: Example): TokenisedExample {
  return {
    example,
    evidence: following(model, { text: evidencePart(example.evidence), trusted: false }),
    question: [{ text: claimPart(example.claim), trusted: false }, ...frame.after].flatMap((piece) =>
      following(model, piece),
    ),
  };
}

/** The first token of each label's answer. */
function answerTokens(
  model: LlamaModel,
  template: PromptTemplate,
  { after, answerPrefix }: PromptFrame,
): readonly [Token, Token, Token] {
  const first = (label: (typeof LABELS)[number]) => {
    const answer = { text: answerPrefix + template.answers[label], trusted: true };
    const token = following(model, answer, after.at(-1)?.text)[0];
    if (token === undefined)
      throw new UserError(`the prompt template ${template.name} has no answer for ${label}`);
    return token;
  };
  const tokens = [first('SUPPORT'), first('CONTRADICT'), first('NEI')] as const;
  if (new Set(tokens).size < tokens.length) {
    throw new UserError(
      `the answers of the prompt template ${template.name} begin with the same token in this model’s vocabulary`,
      { hint: 'Choose answer words that differ in their first token.' },
    );
  }
  return tokens;
}

export function neededContext(
  model: LlamaModel,
  before: readonly Token[],
  examples: readonly TokenisedExample[],
): number {
  let longest = 0;
  for (const { example, evidence, question } of examples) {
    const tokens = before.length + evidence.length + question.length;
    if (tokens > model.trainContextSize) {
      throw new UserError(
        `the prompt of example ${example.id} has ${tokens} tokens; the model’s context holds ${model.trainContextSize}`,
        { hint: 'Use fewer shots, a build with shorter evidence, or a model with a larger context.' },
      );
    }
    longest = Math.max(longest, tokens);
  }
  // One more: the position of the answer.
  return longest + 1;
}

export async function rewind(sequence: LlamaContextSequence, length: number): Promise<void> {
  if (sequence.nextTokenIndex === length) return;
  await sequence.eraseContextTokenRanges([{ start: length, end: sequence.nextTokenIndex }]);
}

export async function evaluate(sequence: LlamaContextSequence, tokens: readonly Token[]): Promise<void> {
  if (tokens.length > 0) await sequence.controlledEvaluate([...tokens], { contextShift: REFUSE_SHIFT });
}

/** Evaluates the last part and reads the logits that follow it. */
async function evaluateAnswers(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  answers: readonly [Token, Token, Token],
): Promise<Pick<LabelScore, 'logprobs' | 'mass'>> {
  const last = tokens.at(-1);
  if (last === undefined) throw new Error('a prompt without a question');
  const read = { logits: { filter: { tokens: answers, includeMax: true } }, totalLogitWeight: true };
  const outputs = await sequence.controlledEvaluate(
    [...tokens.slice(0, -1), [last, { generateNext: read }]],
    {
      contextShift: REFUSE_SHIFT,
    },
  );
  const { logits, totalLogitWeight } = outputs.at(-1)?.next ?? {};
  const [support, contradict, nei] = answers.map((token) => logits?.get(token));
  if (
    !logits ||
    support === undefined ||
    contradict === undefined ||
    nei === undefined ||
    !totalLogitWeight
  ) {
    throw new Error('llama.cpp gave no logits for an answer');
  }
  return labelLogprobs([support, contradict, nei], Math.max(...logits.values()), totalLogitWeight);
}

/** The prompt fits, so llama.cpp never has to drop a part of it; if it did, the result would be of another prompt. */
export const REFUSE_SHIFT = {
  strategy(): never {
    throw new Error('the context overflowed');
  },
};
