/** Whoever writes declines: "I cannot say", "we will not judge". */
const DECLINING = String.raw`\b(?:i|we)(?:['’]m| am| are)? (?:can(?: ?not|['’]t)|could(?: not|n['’]t)|won['’]t|will not|do(?: not|n['’]t) know|unable|not able)\b`;
const DECLINES = new RegExp(DECLINING, 'i');
const EXCUSES = /\b(?:sorry|apologi[sz]e|as an ai)\b/i;

/** Whether a text that answers nothing says that it cannot or will not. */
export const refuses = (text: string): boolean => DECLINES.test(text) || EXCUSES.test(text);

/** Whether a word of a prompt's declines itself: "I cannot tell". */
export const declines = (word: string): boolean => DECLINES.test(word);

/**
 * A text in which what is declined is blank, as long as it was: a label that stands there is no answer. It ends at a sign
 * (a full stop, but not one within a number; a comma, colon, dash or bracket) or at a word that goes on to an answer.
 *
 * @example
 * withoutDeclining('I cannot say whether it is true.').trim(); // -> '.'
 */
export const withoutDeclining = (text: string): string =>
  text.replace(DECLINED, (declined) => ' '.repeat(declined.length));

const DECLINED = new RegExp(
  String.raw`${DECLINING}(?:(?!\b(?:but|however|so|since|the answer)\b)(?:[^.,;:!?\n—–(]|\.(?=\d)))*`,
  'gi',
);
