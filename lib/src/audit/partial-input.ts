import { buildHeader, loadBuild } from '../datasets/builds.js';
import type { BuildName, Example } from '../datasets/example.js';
import { fitTfidf, type SparseVector, type Tfidf } from '../datasets/tfidf.js';
import type { LabelLogprobs } from '../metrics/prediction.js';
import { openRecords, type Records, type SealedRecord } from '../records/store.js';
import { fileStem } from './facts.js';
import { fitLogistic } from './logistic.js';

/** What a baseline reads. A label that can be told from the claim or the evidence alone is told for a wrong reason. */
export type Input = 'claim' | 'evidence' | 'both';

/** What a baseline says of a row. */
export interface BaselineRow {
  readonly id: string;
  /** Natural logarithms, to six decimals. */
  readonly logprobs: LabelLogprobs;
}

/** Raised with every change to the code that changes a baseline's rows. */
const VERSION = 1;

/**
 * Inverse penalty of the baselines. On SciFact train, in folds that keep claims whole, macro-F1 changes by at most 1.5
 * points from 3 to 30, and this is within a point of the best for every input (lib/test/reference/strength.ts has the
 * numbers). HealthVer and the rebuilds are given the same, tuned on neither.
 */
export const BASELINE_STRENGTH = 10;

/**
 * A baseline that reads `input` alone, fitted on one build and scored on another: from the records, or computed if
 * their data can be had. Rows in the order of `test`.
 *
 * @throws UserError if there is no such build, or neither a record nor the data.
 */
export function baseline(
  { input, train, test }: { input: Input; train: BuildName; test: BuildName },
  records: Records = openRecords(),
): Promise<SealedRecord<BaselineRow>> {
  return records.ensure({
    header: {
      kind: 'baseline',
      version: VERSION,
      model: 'logistic regression on TF-IDF of words and word pairs',
      strength: BASELINE_STRENGTH,
      input,
      train: buildHeader(train),
      test: buildHeader(test),
    },
    name: `baselines/${input}/${fileStem(train)}--${fileStem(test)}`,
    async compute() {
      const logprobs = fitPartialInput(input, await loadBuild(train), { strength: BASELINE_STRENGTH });
      return (await loadBuild(test)).map((row): BaselineRow => {
        const [support, contradict, nei] = logprobs(row);
        return { id: row.id, logprobs: [sixDecimals(support), sixDecimals(contradict), sixDecimals(nei)] };
      });
    },
  });
}

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

const sixDecimals = (number: number) => Number(number.toFixed(6));
