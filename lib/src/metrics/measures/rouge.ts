/** ROUGE-1, ROUGE-2 and ROUGE-L (Lin 2004), as F-measures in 0..1. */
export type Rouge = Readonly<Record<'rouge-1' | 'rouge-2' | 'rouge-l', number>>;

/**
 * ROUGE of a text against one that is right, or the best of several, each for itself, as in Google's rouge-score: on
 * words of the letters a to z and digits, in lower case, without a stemmer (`use_stemmer=False`: its Porter stemmer has
 * NLTK's own extensions, which no package for Node has); ROUGE-L by the longest common subsequence of the whole texts.
 */
export function rouge(candidate: string, references: readonly string[]): Rouge {
  const words = wordsOf(candidate);
  const best = (score: (reference: readonly string[]) => number) =>
    Math.max(0, ...references.map((reference) => score(wordsOf(reference))));
  return {
    'rouge-1': best((reference) => ngramF(words, reference, 1)),
    'rouge-2': best((reference) => ngramF(words, reference, 2)),
    'rouge-l': best((reference) =>
      fMeasure(commonSubsequence(words, reference), words.length, reference.length),
    ),
  };
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];

function ngramF(candidate: readonly string[], reference: readonly string[], n: number): number {
  const [ours, theirs] = [ngrams(candidate, n), ngrams(reference, n)];
  let common = 0;
  for (const [ngram, count] of ours) common += Math.min(count, theirs.get(ngram) ?? 0);
  const counted = (words: readonly string[]) => Math.max(0, words.length - n + 1);
  return fMeasure(common, counted(candidate), counted(reference));
}

function ngrams(words: readonly string[], n: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + n <= words.length; start++) {
    const ngram = words.slice(start, start + n).join(' ');
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return counts;
}

/** The length of the longest common subsequence, a row of the table at a time. */
function commonSubsequence(some: readonly string[], others: readonly string[]): number {
  let above = new Uint32Array(others.length + 1);
  for (const word of some) {
    const row = new Uint32Array(others.length + 1);
    for (const [index, other] of others.entries())
      row[index + 1] =
        word === other ? (above[index] ?? 0) + 1 : Math.max(above[index + 1] ?? 0, row[index] ?? 0);
    above = row;
  }
  return above.at(-1) ?? 0;
}

/** The harmonic mean of precision and recall: 2 * common / (one + other). */
const fMeasure = (common: number, one: number, other: number) =>
  common === 0 ? 0 : (2 * common) / (one + other);
