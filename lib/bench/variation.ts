import type { LlamaContextOptions, LlamaModel } from 'node-llama-cpp';
import type { LabelScore } from 'small-claims/scoring/label-score';
import { scoreGroups } from 'small-claims/scoring/llama/evaluation';
import { CANONICAL } from 'small-claims/scoring/llama/layout';
import { byFirstField } from 'small-claims/scoring/llama/sharing';
import { answerTokens, type TokenisedPrompt, tokenise } from 'small-claims/scoring/llama/tokens';
import type { Question } from 'small-claims/scoring/scorer';
import { findPrompt } from 'small-claims/tasks/prompt';
import type { Row } from 'small-claims/tasks/row';

const QUESTION: Question = { prompt: findPrompt('true-false-unknown'), shots: [] };

/** By example. */
export type Scores = ReadonlyMap<string, LabelScore>;

/** How rows are evaluated, where it is not as the canonical layout has it. */
export interface Variation {
  readonly options?: LlamaContextOptions;
  /** The rows of each context; default: all in one. */
  readonly contexts?: (examples: readonly Row[]) => readonly (readonly Row[])[];
  /** Cuts a prompt into other parts. */
  readonly cut?: (prompt: TokenisedPrompt) => TokenisedPrompt;
  /** Hears how many sequences each batch holds. */
  readonly onBatch?: (sequences: number) => void;
}

/** The zero-shot scores of rows under the canonical layout, but for `variation`. */
export async function scoresUnder(
  model: LlamaModel,
  threads: number,
  examples: readonly Row[],
  { options, contexts = (rows) => [rows], cut = (prompt) => prompt, onBatch }: Variation = {},
): Promise<Scores> {
  const scores = new Map<string, LabelScore>();
  for (const rows of contexts(examples)) {
    const groups = byFirstField(tokenise(model, QUESTION, rows)).map((group) => group.map(cut));
    const context = await model.createContext({
      contextSize: 1 + Math.max(...groups.flat().map(({ tokens }) => tokens)),
      batchSize: CANONICAL.batch,
      flashAttention: false,
      threads,
      ...options,
      batching: {
        itemPrioritizationStrategy({ items }) {
          onBatch?.(items.length);
          return items.map((item) => ({ item, processAmount: item.tokens.length }));
        },
      },
    });
    const queue = groups.values();
    await Promise.all(
      Array.from({ length: options?.sequences ?? 1 }, () =>
        scoreGroups(context.getSequence(), queue, answerTokens(model, QUESTION), (score) =>
          scores.set(score.id, score),
        ),
      ),
    );
    await context.dispose();
  }
  return scores;
}

const NONE: TokenisedPrompt['parts'][0] = [];

/** A prompt as one part, so that it is one chunk and shares nothing. */
export const uncut = ({ parts, ...prompt }: TokenisedPrompt): TokenisedPrompt => ({
  ...prompt,
  parts: [NONE, NONE, parts.flat()],
});
