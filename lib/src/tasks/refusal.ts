/** Whoever writes declines: "I cannot say", "we will not judge". */
const DECLINES = /\b(?:i|we)(?:['’]m| am| are)? (?:can(?:not|['’]t)|won['’]t|will not|unable|not able)\b/i;
const EXCUSES = /\b(?:sorry|apologi[sz]e|as an ai)\b/i;

/** Whether a text that answers nothing says that it cannot or will not. */
export const refuses = (text: string): boolean => DECLINES.test(text) || EXCUSES.test(text);

/** Whether a word of a prompt's declines itself: "I cannot tell". */
export const declines = (word: string): boolean => DECLINES.test(word);

/**
 * A text in which clauses that decline are blank, each as long as it was: a label that stands there is not an answer.
 *
 * @example
 * withoutDeclining('I cannot say whether it is true.').trim(); // -> '.'
 */
export const withoutDeclining = (text: string): string =>
  text.replace(CLAUSE, (clause) => (DECLINES.test(clause) ? ' '.repeat(clause.length) : clause));

/** Up to the end of a sentence, or a word that turns it. */
const CLAUSE = /(?:(?!\b(?:but|however)\b)[^.!?;\n])+/gi;
