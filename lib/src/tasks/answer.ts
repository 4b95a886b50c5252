import { LABELS, type Label } from './example.js';
import type { PromptTemplate } from './prompt.js';

/** Raised with every change to `parseAnswer` that reads another answer out of some text. */
export const ANSWER_VERSION = 1;

/** What a model's text answers. `unparsable`: it neither answers nor declines. */
export type ParsedAnswer =
  | { readonly outcome: 'answered'; readonly label: Label }
  | { readonly outcome: 'refused' | 'unparsable'; readonly label: null };

/**
 * Reads the label out of a model's text: the first of the answer words that stands in it as a word, in any case.
 * Thoughts in `<think>` are no part of the answer. A text without an answer word that says it cannot or will not
 * answer is a refusal. What stands around the word is not weighed: "not true" is read as True.
 */
export function parseAnswer(text: string, { answers }: PromptTemplate): ParsedAnswer {
  const said = text.replace(/<think>[\s\S]*?(?:<\/think>|$)/g, ' ');
  const [first] = LABELS.flatMap((label) => {
    const at = said.search(word(answers[label]));
    return at < 0 ? [] : [{ label, at }];
  }).sort((a, b) => a.at - b.at);
  if (first) return { outcome: 'answered', label: first.label };
  return { outcome: REFUSAL.test(said) ? 'refused' : 'unparsable', label: null };
}

const word = (answer: string) =>
  new RegExp(
    String.raw`(?<![\p{L}\p{N}])${answer.replaceAll(/[.*+?^${'$'}{}()|[\]\\]/g, String.raw`\$&`)}(?![\p{L}\p{N}])`,
    'iu',
  );

const REFUSAL =
  /\b(?:sorry|apologi[sz]e|as an ai)\b|\b(?:i|we)(?:['’]m| am| are)? (?:can(?:not|['’]t)|won['’]t|will not|unable|not able)\b/i;
