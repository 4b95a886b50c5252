import type { Prompt } from './prompt.js';
import type { Row } from './row.js';
import type { Shape } from './shape.js';

/** Raised with every change to `parseAnswer` that reads another answer out of some text. */
export const ANSWER_VERSION = 2;

/** What a model's text answers. `unparsable`: it neither answers nor declines. */
export type ParsedAnswer =
  | { readonly outcome: 'answered'; readonly answer: NonNullable<ReturnType<Shape['read']>> }
  | { readonly outcome: 'refused' | 'unparsable'; readonly answer: null };

/**
 * Reads the answer out of a model's text, in the form that the task's shape asks for. Thoughts in `<think>` are no part
 * of it. A text that answers nothing and says it cannot or will not is a refusal.
 *
 * @param cut whether the limit of its length ended the text.
 */
export function parseAnswer(
  text: string,
  row: Pick<Row, 'texts'>,
  prompt: Pick<Prompt, 'shape' | 'answers' | 'none'>,
  cut = false,
): ParsedAnswer {
  const reply = text.replace(/<think>[\s\S]*?(?:<\/think>|$)/g, ' ');
  const answer = cut && prompt.shape.whole ? undefined : prompt.shape.read(reply, row, prompt);
  if (answer !== undefined) return { outcome: 'answered', answer };
  return { outcome: REFUSAL.test(reply) ? 'refused' : 'unparsable', answer: null };
}

const REFUSAL =
  /\b(?:sorry|apologi[sz]e|as an ai)\b|\b(?:i|we)(?:['’]m| am| are)? (?:can(?:not|['’]t)|won['’]t|will not|unable|not able)\b/i;
