import type { LlamaModel, Token } from 'node-llama-cpp';
import { UserError } from '../../project/error.js';
import type { Example, Label } from '../../tasks/example.js';
import { claimPart, evidencePart } from '../../tasks/prompt.js';
import { type Piece, type PromptFrame, promptFrame } from '../chat.js';
import type { Question } from '../scorer.js';

/** Tokens that are evaluated together. Equal parts are one array, so that sharing is seen by identity. */
export type Part = readonly Token[];

/** An example in the model's tokens: what stands before its evidence, the evidence, and the claim with the question. */
export interface TokenisedPrompt {
  readonly id: string;
  readonly parts: readonly [before: Part, evidence: Part, question: Part];
  /** In all. */
  readonly tokens: number;
}

/** Prompts in the model's own chat format, in the order that shares most. */
export function tokenise(
  model: LlamaModel,
  question: Question,
  examples: readonly Example[],
): readonly TokenisedPrompt[] {
  const frame = frameOf(model, question);
  const before = withBos(model, promptTokens(model, frame.before));
  const after = frame.after.flatMap((piece) => following(model, piece));
  const evidence = once((text) => following(model, { text: evidencePart(text), trusted: false }));
  const claim = once((text) => [...following(model, { text: claimPart(text), trusted: false }), ...after]);
  return [...examples]
    .sort((a, b) => compare(a.evidence, b.evidence) || compare(a.claim, b.claim) || compare(a.id, b.id))
    .map((example): TokenisedPrompt => {
      const parts = [before, evidence(example.evidence), claim(example.claim)] as const;
      return { id: example.id, parts, tokens: parts.reduce((sum, part) => sum + part.length, 0) };
    });
}

const frameOf = (model: LlamaModel, { template, shots }: Question): PromptFrame =>
  promptFrame(template, shots, {
    template: model.fileInfo.metadata.tokenizer?.chat_template,
    bos: model.tokens.bosString ?? '',
    eos: model.tokens.eosString ?? '',
  });

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function once(tokens: (text: string) => Part): (text: string) => Part {
  const known = new Map<string, Part>();
  return (text) => {
    const part = known.get(text) ?? tokens(text);
    known.set(text, part);
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

/** The tokens of each label's answer, after its prompt. */
export function answersInTokens(model: LlamaModel, question: Question): Readonly<Record<Label, Part>> {
  const { template } = question;
  const { after, answerPrefix } = frameOf(model, question);
  const tokens = (label: Label) =>
    following(model, { text: answerPrefix + template.answers[label], trusted: true }, after.at(-1)?.text);
  return { SUPPORT: tokens('SUPPORT'), CONTRADICT: tokens('CONTRADICT'), NEI: tokens('NEI') };
}

/**
 * The first token of each label's answer, in the order of LABELS.
 *
 * @throws UserError if two are the same.
 */
export function answerTokens(model: LlamaModel, question: Question): readonly [Token, Token, Token] {
  const { template } = question;
  const answers = answersInTokens(model, question);
  const first = (label: Label) => {
    const token = answers[label][0];
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

/**
 * The token that ends the model's answers: what its chat format puts after one, and where it has none the end of the
 * sequence.
 */
export function endOfAnswer(model: LlamaModel, { template }: Question): Token {
  const solved = { ...PROBE, label: 'NEI' } satisfies Example;
  const { after, answerPrefix } = frameOf(model, { template, shots: [] });
  const { before } = frameOf(model, { template, shots: [solved] });
  const opened = after.map(({ text }) => text).join('') + answerPrefix + template.answers.NEI;
  const turn = before.find(({ text, trusted }) => trusted && text.startsWith(opened));
  const { eos } = model.tokens;
  const [ends] = turn ? model.tokenize(turn.text.slice(opened.length), true) : [];
  const end = answerPrefix === '' ? ends : eos;
  if (end === undefined || end === null)
    throw new UserError('the model’s chat format does not say how an answer ends');
  return end;
}

const PROBE = { id: 'probe', claimId: 'probe', documentIds: [], rationale: [], claim: 'c', evidence: 'e' };
