import type { LlamaModel, Token } from 'node-llama-cpp';
import { UserError } from '../../project/error.js';
import { fieldParts } from '../../tasks/prompt.js';
import type { Row } from '../../tasks/row.js';
import { wordOf } from '../../tasks/shape.js';
import { labelsOf } from '../../tasks/task.js';
import { mayThink } from '../../tasks/thoughts.js';
import { type Piece, type PromptFrame, probeRow, promptFrame } from '../chat.js';
import type { Question } from '../scorer.js';

/** Tokens that are evaluated together. Equal parts are one array, so that sharing is seen by identity. */
export type Part = readonly Token[];

/**
 * An example in the model's tokens: what stands before its fields, its first field, and its others with the question.
 * Of claims the first field is the evidence, which several share.
 */
export interface TokenisedPrompt {
  readonly id: string;
  readonly parts: readonly [before: Part, first: Part, question: Part];
  /** In all. */
  readonly tokens: number;
}

/** Prompts in the model's own chat format, in the order that shares most. */
export function tokenise(
  model: LlamaModel,
  question: Question,
  examples: readonly Row[],
): readonly TokenisedPrompt[] {
  const frame = frameOf(model, question);
  const before = withBos(model, promptTokens(model, frame.before));
  const after = frame.after.flatMap((piece) => following(model, piece));
  const field = (text: string) => following(model, { text, trusted: false });
  const head = once(field);
  const tail = once((...texts) => [...texts.flatMap(field), ...after]);
  return examples
    .map((row) => ({ id: row.id, texts: fieldParts(question.prompt, row) }))
    .sort((a, b) => compareAll([...a.texts, a.id], [...b.texts, b.id]))
    .map(({ id, texts: [first = '', ...others] }): TokenisedPrompt => {
      const parts = [before, head(first), tail(...others)] as const;
      return { id, parts, tokens: parts.reduce((sum, part) => sum + part.length, 0) };
    });
}

const frameOf = (model: LlamaModel, { prompt, shots }: Question): PromptFrame =>
  promptFrame(prompt, shots, {
    template: model.fileInfo.metadata.tokenizer?.chat_template,
    bos: model.tokens.bosString ?? '',
    eos: model.tokens.eosString ?? '',
  });

/** What to say of a model that may think before it answers; undefined of others. */
export function thoughtNote(model: LlamaModel, question: Question): string | undefined {
  const template = model.fileInfo.metadata.tokenizer?.chat_template;
  if (!mayThink(template, frameOf(model, question).after.at(-1)?.text ?? '')) return undefined;
  return 'the chat template speaks of thoughts: where the model thinks first, its answer comes later, and little of its probability lies on the labels';
}

/** By the first text in which they differ. */
function compareAll(some: readonly string[], others: readonly string[]): number {
  for (const [index, a] of some.entries()) {
    const b = others[index] ?? '';
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

function once(tokens: (...texts: readonly string[]) => Part): (...texts: readonly string[]) => Part {
  const known = new Map<string, Part>();
  return (...texts) => {
    const key = JSON.stringify(texts);
    const part = known.get(key) ?? tokens(...texts);
    known.set(key, part);
    return part;
  };
}

/**
 * The tokens of a prompt from its beginning. Pieces are tokenised apart, so that special tokens written in a data set
 * stay text; each but the first follows a line break, which no token spans.
 */
function promptTokens(model: LlamaModel, [first, ...rest]: readonly Piece[]): Token[] {
  if (!first) return [];
  return [...model.tokenize(first.text, first.trusted), ...rest.flatMap((piece) => following(model, piece))];
}

/**
 * The tokens of a piece after a line break. SentencePiece would put a space before a text that stands alone; after a
 * line break it does not.
 */
function following(model: LlamaModel, { text, trusted }: Piece, previous = '\n'): Token[] {
  const context = model.tokenize(previous, trusted);
  const whole = model.tokenize(previous + text, trusted);
  const shared = context.every((token, index) => whole[index] === token);
  return shared ? whole.slice(context.length) : [...model.tokenize(text, trusted)];
}

function withBos(model: LlamaModel, tokens: Part): Part {
  const { bos, shouldPrependBosToken } = model.tokens;
  return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
}

/** The tokens of an answer, after its prompt. */
export function answerInTokens(model: LlamaModel, question: Question, answer: string): Part {
  const { after, answerPrefix } = frameOf(model, question);
  return following(model, { text: answerPrefix + answer, trusted: true }, after.at(-1)?.text);
}

/**
 * The first token of each label's answer, in the order of the task's labels.
 *
 * @throws UserError if two are the same, or the task has no labels to tell apart.
 */
export function answerTokens(model: LlamaModel, question: Question): readonly Token[] {
  const { prompt } = question;
  const labels = labelsOf(prompt.task);
  const tokens = labels.map((label) => {
    const [token] = answerInTokens(model, question, wordOf(label, prompt));
    if (token === undefined) throw new UserError(`the prompt ${prompt.name} has no answer for ${label}`);
    return token;
  });
  const alike = labels.filter((_, at) => tokens.some((token, other) => other !== at && token === tokens[at]));
  if (alike.length === 0) return tokens;
  const words = alike.map((label) => `"${wordOf(label, prompt)}" for ${label}`);
  throw new UserError(
    `the words ${words.join(', ')} begin with the same token in this model’s vocabulary, and a label is told by its first token`,
    {
      at: { file: 'data/prompts.yaml', field: `${prompt.name}.answers` },
      hint: 'Choose words that begin differently, such as A, B and C, and say in the instruction what each stands for.',
    },
  );
}

/**
 * The token that ends the model's answers: what its chat format puts after one, and where it has none the end of the
 * sequence.
 */
export function endOfAnswer(model: LlamaModel, { prompt }: Question): Token {
  const solved = probeRow(prompt);
  const { after, answerPrefix } = frameOf(model, { prompt, shots: [] });
  const { before } = frameOf(model, { prompt, shots: [solved] });
  const opened = after.map(({ text }) => text).join('') + answerPrefix + prompt.shape.write(solved, prompt);
  const turn = before.find(({ text, trusted }) => trusted && text.startsWith(opened));
  const { eos } = model.tokens;
  const [ends] = turn ? model.tokenize(turn.text.slice(opened.length), true) : [];
  const end = answerPrefix === '' ? ends : eos;
  if (end === undefined || end === null)
    throw new UserError('the model’s chat format does not say how an answer ends');
  return end;
}
