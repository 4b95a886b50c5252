import { type BuildName, fileStem } from '../../datasets/build-name.js';
import { buildHeader, loadBuild, taskOf } from '../../datasets/builds.js';
import type { LinkedRow } from '../../datasets/group.js';
import {
  fitTextClassifier,
  type TextClassifier,
  type TextClassifierSettings,
} from '../../learners/text-classifier.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { openRecords, type Records, type SealedRecord } from '../../records/store.js';
import { labelled } from '../../tasks/row.js';
import { fieldsOf, labelsOf } from '../../tasks/task.js';
import { type AuditData, goldOf, type Input, readBy, textsOf } from '../data.js';

/** What a baseline says of a row. */
export interface BaselineRow {
  readonly id: string;
  /** Of the task's labels, natural logarithms, to six decimals; `NEVER` of a label that no training row has. */
  readonly logprobs: readonly number[];
}

/** Raised with every change to the code that changes a baseline's rows. */
const VERSION = 1;

/**
 * The classifier of the baselines: as scikit-learn's LogisticRegression(C=10) on TfidfVectorizer(ngram_range=(1, 2)). On
 * SciFact train, in folds that keep claims whole, macro-F1 changes by at most 1.5 points for penalties from 3 to 30, and
 * this is within a point of the best for every input (lib/test/reference/strength.ts has the numbers). HealthVer and the
 * rebuilds are given the same, tuned on neither.
 */
export const BASELINE_SETTINGS = {
  terms: { longest: 2 },
  strength: 10,
} as const satisfies TextClassifierSettings;

/** A baseline wanted: what it reads, and the builds it is fitted and tried on. */
export interface Baseline {
  readonly input: Input;
  readonly train: BuildName;
  readonly test: BuildName;
  /** Keys of the task, such as documents: training rows that share one with a test row are left out. Default none. */
  readonly apart?: readonly string[];
}

/** The header and name of a baseline's record. @throws UserError if there is no such build. */
export const baselineRecord = (
  { input, train, test, apart = [] }: Baseline,
  paths: Paths = projectPaths(),
) => ({
  header: {
    kind: 'baseline' as const,
    version: VERSION,
    model: 'logistic regression on TF-IDF of words and word pairs',
    strength: BASELINE_SETTINGS.strength,
    input,
    train: buildHeader(train, paths),
    test: buildHeader(test, paths),
    ...(apart.length > 0 && { apart }),
  },
  name: `baselines/${input}/${fileStem(train)}--${fileStem(test)}`,
});

/**
 * A baseline that reads `input` alone, a text of the task or `both` of two, fitted on one build and scored on another:
 * from the records, or computed if their data can be had. Rows in the order of `test`.
 *
 * @throws UserError if there is no such build, or neither a record nor the data.
 *
 * @example
 * const [train, test] = ['scifact/rationales/train', 'scifact/rationales/dev'] as const;
 * const { rows } = await baseline({ input: 'evidence', train, test });
 * rows[0].logprobs.length; // -> 3
 */
export function baseline(
  asked: Baseline,
  paths: Paths = projectPaths(),
  records: Records = openRecords(paths),
): Promise<SealedRecord<BaselineRow>> {
  const { input, train, test, apart = [] } = asked;
  return records.ensure({
    ...baselineRecord(asked, paths),
    async compute() {
      const task = taskOf(train, paths);
      const read = { fields: fieldsOf(task), labels: labelsOf(task) };
      const rows = await loadBuild(test, { paths });
      const learnt = apartFrom(rows, labelled(await loadBuild(train, { paths })), apart);
      const model = fitBaseline(input, { ...read, train: learnt });
      const logprobs = Array.from(model.logprobs(textsOf(rows, readBy(input, read.fields))), sixDecimals);
      const classes = read.labels.length;
      return rows.map(({ id }, row): BaselineRow => {
        return { id, logprobs: logprobs.slice(row * classes, (row + 1) * classes) };
      });
    },
  });
}

/**
 * The training rows that share no value of some keys with a test row.
 *
 * @example
 * const [train, dev] = [await buildFacts('scifact/rationales/train'), await buildFacts('scifact/rationales/dev')];
 * apartFrom(dev.rows, train.rows, ['evidence']).length; // -> 877
 */
export function apartFrom<Row extends LinkedRow>(
  test: readonly LinkedRow[],
  train: readonly Row[],
  keys: readonly string[],
): readonly Row[] {
  const known = keys.map((key) => ({ key, values: new Set(test.flatMap((row) => row.keys[key] ?? [])) }));
  return train.filter((row) =>
    known.every(({ key, values }) => !(row.keys[key] ?? []).some((value) => values.has(value))),
  );
}

/** The classifier of a baseline. */
export function fitBaseline(
  input: Input,
  { fields, labels, train }: Pick<AuditData, 'fields' | 'labels' | 'train'>,
  strength: number = BASELINE_SETTINGS.strength,
): TextClassifier {
  const texts = textsOf(train, readBy(input, fields));
  return fitTextClassifier(texts, goldOf(train, labels), labels.length, { ...BASELINE_SETTINGS, strength });
}

/** The logarithm of a probability of 0, as JSON can have it: less than that of any number there is. */
const NEVER = -1000;

const sixDecimals = (number: number) => Math.max(NEVER, Number(number.toFixed(6)));
