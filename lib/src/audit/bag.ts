import { beside, type SparseMatrix } from '../learners/sparse.js';
import { fitTfidf, type TfidfOptions } from '../learners/tfidf.js';
import type { PairRow, Part } from './pair.js';

/** What a baseline reads. A label that can be told from the claim or the evidence alone is told for a wrong reason. */
export type Input = Part | 'both';

/** The texts of rows as bags of weighted words and word pairs, those of claim and evidence apart. */
export interface Bag {
  matrix(rows: readonly Pick<PairRow, Part>[]): SparseMatrix;
}

/** Learns the terms of each text of `input` from `rows`. */
export function fitBag(input: Input, rows: readonly Pick<PairRow, Part>[], options: TfidfOptions): Bag {
  const blocks = partsOf(input).map((part) => ({
    part,
    tfidf: fitTfidf(
      rows.map((row) => row[part]),
      options,
    ),
  }));
  return {
    matrix: (some) => beside(blocks.map(({ part, tfidf }) => tfidf.matrix(some.map((row) => row[part])))),
  };
}

/** The texts that an input is of. */
export function partsOf(input: Input): readonly Part[] {
  return input === 'both' ? ['claim', 'evidence'] : [input];
}
