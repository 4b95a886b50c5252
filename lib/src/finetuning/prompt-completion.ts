import { UserError } from '../project/error.js';
import { loadVocabulary } from '../scoring/llama/loading.js';
import { answerInTokens, answerTokens, endOfAnswer, tokenise } from '../scoring/llama/tokens.js';
import type { Prompt } from '../tasks/prompt.js';
import type { Row } from '../tasks/row.js';

/**
 * An example as the trainer takes it. The tokens are those that scoring gives the model, followed by the answer and the
 * token that ends it; the trainer takes them as they are, so training and scoring cannot tokenise differently.
 */
export interface PromptCompletion {
  readonly id: string;
  readonly prompt: string;
  readonly completion: string;
  readonly input_ids: readonly number[];
  /** 1 where a token is of the answer: only there is a loss. */
  readonly completion_mask: readonly (0 | 1)[];
}

/** Examples in tokens, and the first token of each label's answer; none where the task has no labels to tell apart. */
export interface PromptCompletions {
  readonly rows: readonly PromptCompletion[];
  readonly labels: readonly number[];
}

/**
 * Lays examples out for training, zero-shot, in their order.
 *
 * @param gguf the model that will be scored; only its vocabulary is loaded.
 * @param maxLength the most tokens a row may have.
 * @throws UserError naming the longest row if it has more.
 */
export async function promptCompletions(
  gguf: string,
  prompt: Prompt,
  examples: readonly Row[],
  maxLength: number,
): Promise<PromptCompletions> {
  const { model, dispose } = await loadVocabulary(gguf);
  try {
    const question = { prompt, shots: [] };
    const end = endOfAnswer(model, question);
    const tokens = new Map(tokenise(model, question, examples).map(({ id, parts }) => [id, parts.flat()]));
    const rows = examples.map((row): PromptCompletion => {
      const { id } = row;
      const asked = tokens.get(id) ?? [];
      const answer = [...answerInTokens(model, question, prompt.shape.write(row, prompt)), end];
      return {
        id,
        prompt: model.detokenize(asked, true),
        completion: model.detokenize(answer, true),
        input_ids: [...asked, ...answer],
        completion_mask: [...asked.map((): 0 => 0), ...answer.map((): 1 => 1)],
      };
    });
    const [longest] = rows.toSorted((a, b) => b.input_ids.length - a.input_ids.length);
    if (longest && longest.input_ids.length > maxLength) {
      throw new UserError(
        `row ${longest.id} has ${longest.input_ids.length} tokens with its answer; maxLength is ${maxLength}`,
        { hint: 'Raise maxLength in the study’s entry; no row is cut.' },
      );
    }
    const labels = prompt.task.shape === 'one-of' ? answerTokens(model, question).map(Number) : [];
    return { rows, labels };
  } finally {
    await dispose();
  }
}

/** Prompts in the model's tokens, in the rows' order, and of a task of labels the first token of each one's answer, as scoring has them. */
export async function promptsInTokens(
  gguf: string,
  prompt: Prompt,
  examples: readonly Row[],
  labelled: boolean,
) {
  const { model, dispose } = await loadVocabulary(gguf);
  try {
    const question = { prompt, shots: [] };
    const prompts = tokenise(model, question, examples).map(({ id, parts }) => ({
      id,
      prompt: model.detokenize(parts.flat(), true),
      input_ids: parts.flat().map(Number),
    }));
    return { prompts, answers: labelled ? answerTokens(model, question).map(Number) : [] };
  } finally {
    await dispose();
  }
}
