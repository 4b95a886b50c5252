import { normalised } from '../project/normalise.js';

/**
 * A text as it is compared where case, punctuation, white space and compatibility forms of characters do not count:
 * NFKC (Unicode Standard Annex 15), lower case, punctuation (general category P) and white space as one space. Empty
 * for a text of punctuation alone, which is then equal to no other. Signs such as < and + are kept: they tell.
 */
export function normalForm(text: string): string {
  return normalised(text, 'NFKC')
    .toLowerCase()
    .replace(/[\p{P}\s]+/gu, ' ')
    .trim();
}

/** The words of a normal form. */
export function normalWords(text: string): string[] {
  const form = normalForm(text);
  return form === '' ? [] : form.split(' ');
}
