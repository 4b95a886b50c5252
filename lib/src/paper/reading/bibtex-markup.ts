import { normalised } from '../../project/normalise.js';
import { type Inline, text } from '../document.js';

/**
 * Stand for signs that the source has for themselves: `<` and `>`, which are no tags of the parser's, and the `%` of
 * "50%", which begins no comment.
 */
const [LESS, MORE, PERCENT] = ['\uE000', '\uE001', '\uE002'];

/** A source whose own signs are not taken for those of a language: "p < 0.05", "50%", "a%20b". */
export const withSignsHidden = (source: string): string =>
  source
    .replaceAll('<', LESS)
    .replaceAll('>', MORE)
    .replace(/(?<=[^\s\\,{}"%])%|(?<=\d )%/g, PERCENT);

/** Signs as the source has them; under an accent, i and j have their dot, which is left away there in print. */
const shown = (words: string) =>
  normalised(
    words
      .replaceAll(LESS, '<')
      .replaceAll(MORE, '>')
      .replaceAll(PERCENT, '%')
      .replace(/[ıȷ](?=\p{M})/gu, (letter) => (letter === 'ı' ? 'i' : 'j')),
    'NFC',
  );

/** A value without the parser's tags. */
export const withoutTags = (value: string): string => shown(value.replace(/<[^<>]*>/g, ''));

/** A value as the document has it: italics and bold kept, other marks left out. */
export function markup(value: string): readonly Inline[] {
  const parts = value.split(/(<\/?[a-z][^<>]*>)/);
  let at = 0;
  const until = (close?: string): Inline[] => {
    const inlines: Inline[] = [];
    for (; at < parts.length; at++) {
      const part = parts[at] ?? '';
      if (part === close) break;
      const [, name] = /^<([a-z]+)/.exec(part) ?? [];
      if (name === 'i' || name === 'b') {
        at++;
        inlines.push({ kind: name === 'i' ? 'emphasis' : 'strong', children: until(`</${name}>`) });
      } else if (part !== '' && !/^<\/?[a-z]/.test(part)) inlines.push(text(shown(part)));
    }
    return inlines;
  };
  return until();
}
