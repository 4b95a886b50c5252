/** Characters of a text from `start` to before `end`, of a type. */
interface TypedSpan {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Learns which words stand in spans, and finds them in other texts: whole words in any case, from left to right, the
 * longest first. Words that were in spans of several types have their commonest, of equals the one met first.
 *
 * @returns the spans of a text, none of which overlap.
 */
export function fitDictionary(
  rows: readonly { readonly text: string; readonly spans: readonly TypedSpan[] }[],
): (text: string) => readonly TypedSpan[] {
  const counts = new Map<string, Map<string, number>>();
  let longest = 0;
  for (const { text, spans } of rows) {
    for (const { type, start, end } of spans) {
      const words = text.slice(start, end);
      const types = counts.get(words.toLowerCase()) ?? new Map<string, number>();
      counts.set(words.toLowerCase(), types.set(type, (types.get(type) ?? 0) + 1));
      longest = Math.max(longest, wordsOf(words).length);
    }
  }
  const typeOf = (words: string) =>
    [...(counts.get(words.toLowerCase()) ?? [])].sort(([, a], [, b]) => b - a)[0]?.[0];
  return (text) => {
    const words = wordsOf(text);
    const found: TypedSpan[] = [];
    for (let first = 0; first < words.length; first++) {
      const start = words[first]?.start ?? 0;
      for (let last = Math.min(first + longest, words.length) - 1; last >= first; last--) {
        const end = words[last]?.end ?? 0;
        const type = typeOf(text.slice(start, end));
        if (type === undefined) continue;
        found.push({ type, start, end });
        first = last;
        break;
      }
    }
    return found;
  };
}

/** Runs of letters and digits, and each other character that is no space. */
const wordsOf = (text: string) =>
  [...text.matchAll(/[\p{L}\p{M}\p{N}]+|\S/gu)].map(({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
  }));
