import type { Prompt } from './prompt.js';
import { refuses } from './refusal.js';
import type { Row } from './row.js';
import type { Shape } from './shape.js';
import { withoutThoughts } from './thoughts.js';

/**
 * Raised with every change to `parseAnswer` that reads another answer out of some text. Of numbers, sets and spans version
 * 2 stands: what has changed since is how thoughts under other marks than `<think>` are left out, and the models of which
 * records of that version are kept have none of these marks.
 */
export const answerVersion = ({ stored }: Pick<Shape, 'stored'>): number =>
  stored === 'label' || stored === undefined ? 3 : 2;

/** What a model's text answers. `unparsable`: it neither answers nor declines. */
export type ParsedAnswer =
  | { readonly outcome: 'answered'; readonly answer: NonNullable<ReturnType<Shape['read']>> }
  | { readonly outcome: 'refused' | 'unparsable'; readonly answer: null };

/**
 * Reads the answer out of a model's text, in the form that the task's shape asks for. Thoughts are no part of it
 * (`withoutThoughts`). A text that answers nothing and says it cannot or will not is a refusal.
 *
 * @param cut whether the limit of its length ended the text.
 */
export function parseAnswer(
  text: string,
  row: Pick<Row, 'texts'>,
  prompt: Pick<Prompt, 'shape' | 'answers' | 'none'>,
  cut = false,
): ParsedAnswer {
  const reply = withoutThoughts(text);
  const answer = cut && prompt.shape.whole ? undefined : prompt.shape.read(reply, row, prompt);
  if (answer !== undefined) return { outcome: 'answered', answer };
  return { outcome: refuses(reply) ? 'refused' : 'unparsable', answer: null };
}
