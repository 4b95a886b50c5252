import { UserError } from '../project/error.js';

/** A vector given by its non-zero entries, indices ascending. */
export interface SparseVector {
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/** The terms of a collection and how rare each is. */
export interface Tfidf {
  /** Length of the vectors: one entry a term of the collection, in code-unit order. */
  readonly size: number;
  readonly terms: readonly string[];
  /** The L2-normalised TF-IDF vector of a text; terms the collection lacks are left out, so it may be empty. */
  vector(text: string): SparseVector;
}

/** The words of a text, lower-cased: runs of two or more letters, digits or `_` (scikit-learn's default). */
export function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? [];
}

/**
 * Learns the terms of a collection (words and, up to `longest` words, their n-grams) and weighs them by
 * 1 + ln((1 + n) / (1 + df)), scikit-learn's smoothed inverse document frequency. The same as its
 * TfidfVectorizer(ngram_range=(1, longest)).
 */
export function fitTfidf(texts: readonly string[], { longest = 1 }: { longest?: number } = {}): Tfidf {
  if (texts.length === 0) throw new UserError('TF-IDF needs at least one text');
  const documentFrequency = new Map<string, number>();
  for (const text of texts) {
    for (const term of new Set(ngrams(text, longest))) {
      documentFrequency.set(term, (documentFrequency.get(term) ?? 0) + 1);
    }
  }
  const ranked = [...documentFrequency].sort(([a], [b]) => (a < b ? -1 : 1));
  const column = new Map(
    ranked.map(([term, df], index) => [term, { index, weight: 1 + Math.log((1 + texts.length) / (1 + df)) }]),
  );
  return {
    size: ranked.length,
    terms: ranked.map(([term]) => term),
    vector(text) {
      const entries = new Map<number, number>();
      for (const term of ngrams(text, longest)) {
        const known = column.get(term);
        if (known) entries.set(known.index, (entries.get(known.index) ?? 0) + known.weight);
      }
      const sorted = [...entries].sort(([a], [b]) => a - b);
      const norm = Math.sqrt(sorted.reduce((sum, [, value]) => sum + value * value, 0)) || 1;
      return {
        indices: Int32Array.from(sorted, ([index]) => index),
        values: Float64Array.from(sorted, ([, value]) => value / norm),
      };
    },
  };
}

/** The scalar product of two sparse vectors: the cosine, where both have length 1. */
export function dot(a: SparseVector, b: SparseVector): number {
  const other = new Map(Array.from(b.indices, (index, position) => [index, b.values[position] ?? 0]));
  return a.indices.reduce(
    (sum, index, position) => sum + (a.values[position] ?? 0) * (other.get(index) ?? 0),
    0,
  );
}

function ngrams(text: string, longest: number): string[] {
  const tokens = words(text);
  const terms = [...tokens];
  for (let length = 2; length <= longest; length++) {
    for (let start = 0; start + length <= tokens.length; start++) {
      terms.push(tokens.slice(start, start + length).join(' '));
    }
  }
  return terms;
}
