import type Token from 'markdown-it/lib/token.mjs';
import { inlineMeta } from './cross-references.js';

/** A verb of comparison that no test stands behind. */
export interface PlainComparison {
  readonly words: string;
  /** Lines below the first one of the text. */
  readonly below: number;
}

/** Signs that stand for what is no prose: a published value; a claim, citation or quoted number; anything else. */
const [VALUE, SPOKEN_FOR, OTHER] = ['\uE000', '\uE001', '\uE002'];

/** Said of systems alone. */
const ALWAYS = /\b(?:outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?)\b/i;
/** Said of much else too, so that it takes a number in the sentence to make a result of it. A "matched size" is none. */
const OF_A_RESULT = [
  /\b(?:beat(?:s|en|ing)?|exceed(?:s|ed|ing)?|(?:better|worse)\s+than|(?:superior|inferior)\s+to|on\s+par\s+with)\b/i,
  /\b[Mm]atch(?:es|ed)?(?=\s+(?:(?:the|that|those|it|them|an?)\b|[\p{Lu}\uE000]))/u,
];

/**
 * The comparisons in a piece of prose that are made in plain words: a verb such as "outperforms", or such as "beats" with a
 * published number beside it, in a sentence without a claim. What is told of another work, with its citation or a
 * quoted number, is that work's to show.
 */
export function plainComparisons({ children }: Token): PlainComparison[] {
  const prose = (children ?? []).map((token) => sign(token) + lineEnds(token)).join('');
  let start = 0;
  return prose.split(/(?<=[.!?])(?=\s)/).flatMap((sentence) => {
    const before = prose.slice(0, start);
    start += sentence.length;
    if (sentence.includes(SPOKEN_FOR)) return [];
    const verbs = [ALWAYS, ...(sentence.includes(VALUE) ? OF_A_RESULT : [])];
    const found = verbs.map((pattern) => pattern.exec(sentence)).find((match) => match !== null);
    if (!found) return [];
    const above = before + sentence.slice(0, found.index);
    return [{ words: found[0].replace(/\s+/g, ' '), below: above.split('\n').length - 1 }];
  });
}

function sign(token: Token): string {
  const meta = inlineMeta(token);
  if (meta?.kind === 'value') return VALUE;
  if (meta?.kind === 'citation') return SPOKEN_FOR;
  if (meta?.kind === 'role') return meta.name === 'given' ? OTHER : SPOKEN_FOR;
  return token.type === 'text' ? token.content : token.type === 'code_inline' ? OTHER : '';
}

/** A role or a value may be written over two lines. */
const lineEnds = ({ type, content }: Token): string =>
  '\n'.repeat(type.endsWith('break') ? 1 : type === 'text' ? 0 : content.split('\n').length - 1);
