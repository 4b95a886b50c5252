import { normalWords } from '../../datasets/normal-form.js';
import { randomStream } from '../../project/random.js';

/** Two texts that share most of their word sequences but are not equal in normal form. */
export interface NearDuplicate {
  /** Indices of texts, the lower first; of texts of one normal form the first stands for all. */
  readonly a: number;
  readonly b: number;
  /** Shared shingles over all shingles of the two, threshold..1. */
  readonly jaccard: number;
}

export interface NearDuplicateOptions {
  /** Least Jaccard similarity. Default 0.8; the chance to miss a pair grows fast below 0.7. */
  readonly threshold?: number;
  /** Words of a shingle. Default 3; a text of fewer words is one shingle. */
  readonly shingle?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** Hashes of a text: 16 bands of 4. A pair of similarity s shares a band with chance 1 - (1 - s^4)^16: 0.9998 at 0.8. */
const BANDS = 16;
const BAND = 4;

/** Texts of a bucket that each is compared with: those before it. Bounds the time where all texts are much alike. */
const MOST_COMPARED = 50;

/**
 * Finds near duplicates: sets of word shingles (Broder 1997), candidates by MinHash and banding (Leskovec, Rajaraman and
 * Ullman 2020, sections 3.3 and 3.4), each verified by its exact Jaccard similarity. Time grows linearly with the texts.
 * Shingles are told apart by 32-bit hashes.
 *
 * @returns pairs by falling similarity, each once.
 * @internal
 */
export function nearDuplicates(
  texts: readonly string[],
  options: NearDuplicateOptions = {},
): readonly NearDuplicate[] {
  const found: NearDuplicate[] = [];
  visitNearDuplicates(texts, options, (pair) => found.push(pair));
  return found.sort((x, y) => y.jaccard - x.jaccard || x.a - y.a || x.b - y.b);
}

/** The same, pair by pair in no order: where most texts are alike, there are too many pairs to hold. */
export function visitNearDuplicates(
  texts: readonly string[],
  { threshold = 0.8, shingle = 3, seed = 0 }: NearDuplicateOptions,
  visit: (pair: NearDuplicate) => void,
): void {
  const { indices, sets } = distinctSets(texts, shingle);
  const chains = buckets(sets, seed);
  // The text that each has last been compared with: texts that share several bands are compared once.
  const met = new Int32Array(sets.length).fill(-1);
  for (const [at, shingles] of sets.entries()) {
    for (const chain of chains) {
      let other = chain[at] ?? -1;
      for (let count = 0; count < MOST_COMPARED && other >= 0; count++, other = chain[other] ?? -1) {
        if (met[other] === at) continue;
        met[other] = at;
        const jaccard = similarity(sets[other] ?? new Uint32Array(), shingles);
        if (jaccard >= threshold) visit({ a: indices[other] ?? 0, b: indices[at] ?? 0, jaccard });
      }
    }
  }
}

/** Texts of different normal form that are not empty: their indices, and the shingles of each. */
function distinctSets(texts: readonly string[], shingle: number) {
  const known = new Set<string>();
  const indices: number[] = [];
  const sets: Uint32Array[] = [];
  for (const [index, text] of texts.entries()) {
    const words = normalWords(text);
    const form = words.join(' ');
    if (form === '' || known.has(form)) continue;
    known.add(form);
    indices.push(index);
    sets.push(shinglesOf(words, shingle));
  }
  return { indices, sets };
}

/** For each band the text before each that shares it, -1 where there is none. */
function buckets(sets: readonly Uint32Array[], seed: number): readonly Int32Array[] {
  const random = randomStream('near duplicates', seed);
  const salts = Uint32Array.from({ length: BANDS * BAND }, () => random.below(2 ** 32));
  const latest = Array.from({ length: BANDS }, () => new Map<number, number>());
  const chains = latest.map(() => new Int32Array(sets.length).fill(-1));
  const smallest = new Uint32Array(salts.length);
  for (const [at, shingles] of sets.entries()) {
    smallest.fill(0xffffffff);
    for (const hash of shingles) {
      for (let which = 0; which < salts.length; which++) {
        const value = mixed(hash ^ (salts[which] ?? 0));
        if (value < (smallest[which] ?? 0)) smallest[which] = value;
      }
    }
    for (const [band, last] of latest.entries()) {
      let key = 0;
      for (let slot = band * BAND; slot < (band + 1) * BAND; slot++) key = mixed(key ^ (smallest[slot] ?? 0));
      const chain = chains[band];
      const before = last.get(key);
      if (chain && before !== undefined) chain[at] = before;
      last.set(key, at);
    }
  }
  return chains;
}

/** The distinct shingles' hashes, ascending. */
function shinglesOf(words: readonly string[], length: number): Uint32Array {
  const count = Math.max(1, words.length - length + 1);
  const hashes = Uint32Array.from({ length: count }, (_, start) =>
    hashOf(words.slice(start, start + length).join(' ')),
  ).sort();
  return hashes.filter((hash, index) => index === 0 || hash !== hashes[index - 1]);
}

function similarity(a: Uint32Array, b: Uint32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [x = 0, y = 0] = [a[i], b[j]];
    if (x === y) shared += 1;
    if (x <= y) i += 1;
    if (y <= x) j += 1;
  }
  return shared / (a.length + b.length - shared);
}

/** FNV-1a over UTF-16 code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mixed(hash);
}

/** The finaliser of MurmurHash3: every bit of the input moves every bit of the output. */
function mixed(number: number): number {
  let hash = number;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
