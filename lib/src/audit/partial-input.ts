import type { Example } from '../datasets/example.js';
import { fitTfidf, type SparseVector, type Tfidf } from '../datasets/tfidf.js';
import type { LabelLogprobs } from '../metrics/prediction.js';
import { fitLogistic } from './logistic.js';

/** What a baseline reads. A label that can be told from the claim or the evidence alone is told for a wrong reason. */
export type Input = 'claim' | 'evidence' | 'both';

type Text = Pick<Example, 'claim' | 'evidence'>;

/**
 * Fits TF-IDF of words and word pairs, of claim and evidence apart, and on it multinomial logistic regression of
 * inverse penalty `strength`. Returns the log-probabilities of the labels for a row.
 */
export function fitPartialInput(
  input: Input,
  train: readonly (Text & Pick<Example, 'label'>)[],
  { strength }: { strength: number },
): (row: Text) => LabelLogprobs {
  const fields = input === 'both' ? (['claim', 'evidence'] as const) : [input];
  const blocks = fields.map((field) => ({
    field,
    tfidf: fitTfidf(
      train.map((row) => row[field]),
      { longest: 2 },
    ),
  }));
  const features = (row: Text) =>
    join(blocks.map(({ field, tfidf }) => ({ tfidf, vector: tfidf.vector(row[field]) })));
  const size = blocks.reduce((sum, { tfidf }) => sum + tfidf.size, 0);
  const model = fitLogistic(
    train.map((row) => ({ features: features(row), label: row.label })),
    { size, strength },
  );
  return (row) => model.logprobs(features(row));
}

/** One vector of several, end to end. */
function join(blocks: readonly { readonly tfidf: Tfidf; readonly vector: SparseVector }[]): SparseVector {
  let start = 0;
  const indices: number[] = [];
  for (const { tfidf, vector } of blocks) {
    for (const index of vector.indices) indices.push(start + index);
    start += tfidf.size;
  }
  return {
    indices: Int32Array.from(indices),
    values: Float64Array.from(blocks.flatMap(({ vector }) => [...vector.values])),
  };
}
