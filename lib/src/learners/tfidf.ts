import { UserError } from '../project/error.js';
import type { SparseMatrix, SparseVector } from './sparse.js';

/** The terms of a collection and how rare each is. */
export interface Tfidf {
  /** Length of the vectors: one entry a term of the collection, in code-unit order. */
  readonly size: number;
  readonly terms: readonly string[];
  /** The L2-normalised TF-IDF vector of a text; terms the collection lacks are left out, so it may be empty. */
  vector(text: string): SparseVector;
  /** The vectors of many texts. */
  matrix(texts: readonly string[]): SparseMatrix;
}

export interface TfidfOptions {
  /** Terms are words and, for 2, pairs of neighbouring words too. Default 1. */
  readonly longest?: 1 | 2;
  /** Texts that a term must occur in. Default 1. */
  readonly minimum?: number;
  /** Whether a term that occurs c times counts as 1 + ln(c) rather than c. Default false. */
  readonly sublinear?: boolean;
}

/** The words of a text, lower-cased: runs of two or more letters, digits or `_` (scikit-learn's default). */
export function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? [];
}

/**
 * Learns the terms of a collection and weighs them by 1 + ln((1 + n) / (1 + df)), scikit-learn's smoothed inverse
 * document frequency. The same as its TfidfVectorizer(ngram_range=(1, longest), min_df=minimum, sublinear_tf=sublinear).
 *
 * @throws UserError for no texts.
 */
export function fitTfidf(
  texts: readonly string[],
  { longest = 1, minimum = 1, sublinear = false }: TfidfOptions = {},
): Tfidf {
  if (texts.length === 0) throw new UserError('TF-IDF needs at least one text');
  const keys = termKeys(texts, longest);
  const { terms, weights, columns } = frequentTerms(texts, keys, minimum);

  /** Writes a text's entries at `end`; returns where they stop. */
  const write = (text: string, indices: Int32Array, values: Float64Array, end: number) => {
    const found = keys.of(text);
    let stop = end;
    for (const key of found) {
      const column = columns.get(key);
      if (column !== undefined) indices[stop++] = column;
    }
    indices.subarray(end, stop).sort();
    let filled = end;
    let squares = 0;
    for (let position = end; position < stop; ) {
      const column = indices[position] ?? 0;
      const weight = weights[column] ?? 0;
      let value = 0;
      let count = 0;
      for (; position < stop && indices[position] === column; position++) {
        value += weight;
        count++;
      }
      if (sublinear) value = (1 + Math.log(count)) * weight;
      squares += value * value;
      indices[filled] = column;
      values[filled++] = value;
    }
    const norm = Math.sqrt(squares) || 1;
    for (let position = end; position < filled; position++) values[position] = (values[position] ?? 0) / norm;
    return filled;
  };

  return {
    size: weights.length,
    get terms() {
      return Array.from(terms, keys.term);
    },
    vector(text) {
      const most = keys.of(text).length;
      const indices = new Int32Array(most);
      const values = new Float64Array(most);
      const size = write(text, indices, values, 0);
      return { indices: indices.slice(0, size), values: values.slice(0, size) };
    },
    matrix(some) {
      const starts = new Int32Array(some.length + 1);
      let indices = new Int32Array(1024);
      let values = new Float64Array(1024);
      for (const [row, text] of some.entries()) {
        const start = starts[row] ?? 0;
        const needed = start + 2 * text.length;
        if (needed > indices.length) {
          indices = grown(indices, new Int32Array(Math.max(needed, Math.ceil(1.5 * indices.length))));
          values = grown(values, new Float64Array(indices.length));
        }
        starts[row + 1] = write(text, indices, values, start);
      }
      const entries = starts[some.length] ?? 0;
      return {
        rows: some.length,
        columns: weights.length,
        starts,
        indices: indices.slice(0, entries),
        values: values.slice(0, entries),
      };
    },
  };
}

function grown<Numbers extends Int32Array | Float64Array>(from: Numbers, into: Numbers): Numbers {
  into.set(from);
  return into;
}

/**
 * Terms as numbers, which are counted and looked up several times faster than strings. They have the order of the
 * strings: a space comes before every character of a word.
 */
interface TermKeys {
  /** The keys of a text's terms, of those whose words the collection has; the array is reused between calls. */
  of(text: string): Float64Array;
  term(key: number): string;
}

function termKeys(texts: readonly string[], longest: 1 | 2): TermKeys {
  const vocabulary = new Set<string>();
  for (const text of texts) for (const word of words(text)) vocabulary.add(word);
  const sorted = [...vocabulary].sort((a, b) => (a < b ? -1 : 1));
  const rank = new Map(sorted.map((word, index) => [word, index]));
  const width = sorted.length + 1;
  let keys = new Float64Array(256);
  return {
    of(text) {
      const found = words(text);
      if (keys.length < 2 * found.length) keys = new Float64Array(3 * found.length);
      let size = 0;
      let before = -1;
      for (const word of found) {
        const at = rank.get(word) ?? -1;
        if (at >= 0) keys[size++] = at * width;
        if (longest === 2 && at >= 0 && before >= 0) keys[size++] = before * width + at + 1;
        before = at;
      }
      return keys.subarray(0, size);
    },
    term(key) {
      const first = sorted[Math.floor(key / width)] ?? '';
      return key % width === 0 ? first : `${first} ${sorted[(key % width) - 1] ?? ''}`;
    },
  };
}

/** The terms that occur in at least `minimum` texts, ascending, with their weights and columns. */
function frequentTerms(texts: readonly string[], keys: TermKeys, minimum: number) {
  let all = new Float64Array(1024);
  let size = 0;
  for (const text of texts) {
    const sorted = keys.of(text).sort();
    if (size + sorted.length > all.length) {
      all = grown(all, new Float64Array(Math.ceil(1.5 * (size + sorted.length))));
    }
    for (let index = 0; index < sorted.length; index++) {
      if (index === 0 || sorted[index] !== sorted[index - 1]) all[size++] = sorted[index] ?? 0;
    }
  }
  const occurrences = all.subarray(0, size).sort();
  const terms: number[] = [];
  const weights: number[] = [];
  for (let start = 0; start < size; ) {
    const key = occurrences[start] ?? 0;
    let stop = start + 1;
    while (stop < size && occurrences[stop] === key) stop++;
    if (stop - start >= minimum) {
      terms.push(key);
      weights.push(1 + Math.log((1 + texts.length) / (1 + stop - start)));
    }
    start = stop;
  }
  return { terms, weights, columns: new Map(terms.map((key, column) => [key, column])) };
}
