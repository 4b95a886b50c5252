import type { BuildName } from '../datasets/build-name.js';
import { fileStem } from '../datasets/build-name.js';
import { buildHeader, loadBuild } from '../datasets/builds.js';
import { fitLogistic } from '../learners/logistic.js';
import { UserError } from '../project/error.js';
import { openRecords, type Records, type SealedRecord } from '../records/store.js';
import { LABELS } from '../tasks/example.js';
import { fitBag, type Input } from './bag.js';
import { type PairRow, pairRows, targetsOf } from './pair.js';

/** What a baseline says of a row. */
export interface BaselineRow {
  readonly id: string;
  /** Natural logarithms, to six decimals. */
  readonly logprobs: readonly number[];
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
      const logprobs = fitPartialInput(input, pairRows(await loadBuild(train)), {
        strength: BASELINE_STRENGTH,
      });
      return pairRows(await loadBuild(test)).map((row): BaselineRow => {
        return { id: row.id, logprobs: logprobs(row).map(sixDecimals) };
      });
    },
  });
}

type Text = Pick<PairRow, 'claim' | 'evidence'>;

/**
 * Fits TF-IDF of words and word pairs, of claim and evidence apart, and on it multinomial logistic regression of
 * inverse penalty `strength`. Returns the log-probabilities of the labels for a row.
 *
 * @throws UserError where a label has no row.
 */
export function fitPartialInput(
  input: Input,
  train: readonly (Text & Pick<PairRow, 'label'>)[],
  { strength }: { strength: number },
): (row: Text) => readonly number[] {
  const missing = LABELS.find((label) => train.every((row) => row.label !== label));
  if (missing) throw new UserError(`no row to learn from is labelled ${missing}`);
  const bag = fitBag(input, train, { longest: 2 });
  const model = fitLogistic(bag.matrix(train), targetsOf(train, LABELS), {
    classes: LABELS.length,
    strength,
  });
  return (row) => {
    return [...model.logprobs(bag.matrix([row]))];
  };
}

const sixDecimals = (number: number) => Number(number.toFixed(6));
