import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { type LabelScore, labelLogprobs } from '../label-score.js';
import { sharedParts } from './sharing.js';
import type { Part, TokenisedPrompt } from './tokens.js';

/**
 * Scores groups of prompts on one sequence: of each prompt, only the parts that the one before does not share are
 * evaluated, each as a chunk of its own. Prompts that are the same throughout are evaluated once.
 *
 * @param groups taken one at a time, so that several sequences can share out one iterator.
 */
export async function scoreGroups(
  sequence: LlamaContextSequence,
  groups: Iterable<readonly TokenisedPrompt[]>,
  answers: readonly Token[],
  onScore: (score: LabelScore, milliseconds: number) => void,
): Promise<void> {
  let previous: readonly Part[] = [];
  let scores: Pick<LabelScore, 'logprobs' | 'mass'> | undefined;
  for (const group of groups) {
    for (const { id, parts, tokens } of group) {
      const started = performance.now();
      const shared = sharedParts(previous, parts);
      if (!scores || shared < parts.length) {
        await evaluateAllButLast(sequence, parts, shared);
        scores = await evaluateAnswers(sequence, parts[parts.length - 1] ?? [], answers);
        previous = parts;
      }
      onScore({ id, ...scores, promptTokens: tokens }, performance.now() - started);
    }
  }
}

/** Leaves on the sequence a prompt's parts but the last, of which the first `shared` are there already. */
export async function evaluateAllButLast(
  sequence: LlamaContextSequence,
  parts: readonly Part[],
  shared: number,
): Promise<void> {
  await rewind(
    sequence,
    parts.slice(0, shared).reduce((sum, part) => sum + part.length, 0),
  );
  for (const part of parts.slice(shared, -1)) await evaluate(sequence, part);
}

async function rewind(sequence: LlamaContextSequence, length: number): Promise<void> {
  if (sequence.nextTokenIndex === length) return;
  await sequence.eraseContextTokenRanges([{ start: length, end: sequence.nextTokenIndex }]);
}

async function evaluate(sequence: LlamaContextSequence, tokens: Part): Promise<void> {
  if (tokens.length > 0) await sequence.controlledEvaluate([...tokens], { contextShift: REFUSE_SHIFT });
}

/**
 * Evaluates the last part and reads the logits that follow it. The maximum and the sum over the vocabulary are taken
 * by llama.cpp's binding: only the answers' logits and these two reach JavaScript. The maximum is the logit of the
 * token that greedy decoding selects; the binding's `includeMax` gives that of the answers, and `includeTop` sorts the
 * vocabulary.
 */
async function evaluateAnswers(
  sequence: LlamaContextSequence,
  tokens: Part,
  answers: readonly Token[],
): Promise<Pick<LabelScore, 'logprobs' | 'mass'>> {
  const last = tokens.at(-1);
  if (last === undefined) throw new Error('a prompt without a question');
  const read = { logits: { filter: { tokens: answers, includeSelected: true } }, totalLogitWeight: true };
  const outputs = await sequence.controlledEvaluate(
    [...tokens.slice(0, -1), [last, { generateNext: read }]],
    { contextShift: REFUSE_SHIFT },
  );
  const { logits, totalLogitWeight } = outputs.at(-1)?.next ?? {};
  const found = answers.flatMap((token) => logits?.get(token) ?? []);
  if (!logits || found.length < answers.length || !totalLogitWeight)
    throw new Error('llama.cpp gave no logits for an answer');
  return labelLogprobs(found, Math.max(...logits.values()), totalLogitWeight);
}

/** The prompt fits, so llama.cpp never has to drop a part of it; if it did, the result would be of another prompt. */
export const REFUSE_SHIFT = {
  strategy(): never {
    throw new Error('the context overflowed');
  },
};
