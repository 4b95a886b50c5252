import { type BuildName, fileStem } from '../../datasets/build-name.js';
import { buildHeader, loadBuild, taskOf } from '../../datasets/builds.js';
import { fitDictionary } from '../../learners/dictionary.js';
import { fitTextClassifier } from '../../learners/text-classifier.js';
import { UserError } from '../../project/error.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { openRecords, type Records, type SealedRecord } from '../../records/store.js';
import { type Row, type Span, textOf } from '../../tasks/row.js';
import type { Answer } from '../../tasks/shape.js';
import { fieldsOf, type Task, type TaskOf } from '../../tasks/task.js';
import { textsOf } from '../data.js';
import { BASELINE_SETTINGS } from './build-baseline.js';

/** What a baseline answers to a row. */
export interface AnswerRow {
  readonly id: string;
  readonly answer: Answer;
}

/** Raised with every change to the code that changes the rows of such a baseline. */
const VERSION = 1;

/** On ten thousand rows a tenth of the steps, to the same minimum. */
const SETTINGS = { ...BASELINE_SETTINGS, scaled: true };

/** What a baseline learns from the rows of a task of each shape, and what it then answers. */
const LEARNERS = {
  'some-of': {
    model: 'logistic regression on TF-IDF of words and word pairs, each label against the rest',
    fit: labelSets,
  },
  spans: { model: 'dictionary of the words in training spans', fit: dictionary },
} as const;

/** Whether a task has a baseline of this kind. */
export const hasAnswerBaseline = (task: Task): task is TaskOf<keyof typeof LEARNERS> =>
  task.shape in LEARNERS;

function learnerOf(task: Task) {
  if (hasAnswerBaseline(task)) return LEARNERS[task.shape];
  throw new UserError(`the answers of ${task.name} are learnt by no such baseline`);
}

/** A baseline wanted: the builds it is fitted and tried on. */
export interface AnswerBaseline {
  readonly train: BuildName;
  readonly test: BuildName;
}

/** The header and name of its record. @throws UserError if there is no such build, or its task has no such baseline. */
export const answerBaselineRecord = ({ train, test }: AnswerBaseline, paths: Paths = projectPaths()) => ({
  header: {
    kind: 'baseline' as const,
    version: VERSION,
    model: learnerOf(taskOf(train, paths)).model,
    train: buildHeader(train, paths),
    test: buildHeader(test, paths),
  },
  name: `baselines/answers/${fileStem(train)}--${fileStem(test)}`,
});

/**
 * The answers of a baseline to rows with label sets, which it knows by words, or with spans, whose words it looks up: from
 * the records, or computed if their data can be had. Rows in the order of `test`.
 *
 * @throws UserError if there is no such build, or neither a record nor the data.
 */
export function answerBaseline(
  asked: AnswerBaseline,
  paths: Paths = projectPaths(),
  records: Records = openRecords(paths),
): Promise<SealedRecord<AnswerRow>> {
  const { train, test } = asked;
  return records.ensure({
    ...answerBaselineRecord(asked, paths),
    async compute() {
      const task = taskOf(train, paths);
      const rows = await loadBuild(test, { paths });
      const answers = learnerOf(task).fit(task, await loadBuild(train, { paths }), rows);
      return rows.map(({ id }, row): AnswerRow => ({ id, answer: answers[row] ?? [] }));
    },
  });
}

/**
 * Of each label whether it is more probable than not, by a classifier of its own: as scikit-learn's OneVsRestClassifier,
 * which gives a label that all or no training rows have to all or none.
 *
 * @internal
 */
export function labelSets(task: Task, train: readonly Row[], test: readonly Row[]): readonly Answer[] {
  if (task.shape !== 'some-of') return [];
  const [learnt, tried] = [textsOf(train, fieldsOf(task)), textsOf(test, fieldsOf(task))];
  const given = task.labels.map((label) => {
    const targets = train.map(({ gold }) => (Array.isArray(gold) && gold.includes(label) ? 1 : 0));
    const logprobs = fitTextClassifier(learnt, targets, 2, SETTINGS).logprobs(tried);
    return test.map((_, row) => (logprobs[2 * row + 1] ?? 0) > (logprobs[2 * row] ?? 0));
  });
  return test.map((_, row) => task.labels.filter((_label, index) => given[index]?.[row]));
}

/** The words of training spans, wherever they stand. */
function dictionary(task: Task, train: readonly Row[], test: readonly Row[]): readonly Answer[] {
  const [field = ''] = fieldsOf(task);
  const find = fitDictionary(train.map((row) => ({ text: textOf(row, field), spans: spansOf(row) })));
  return test.map((row) => find(textOf(row, field)));
}

const spansOf = ({ gold }: Row): readonly Span[] =>
  Array.isArray(gold) ? gold.flatMap((each) => (typeof each === 'object' ? [each] : [])) : [];
