import { answerBaseline, answerBaselineRecord, hasAnswerBaseline } from '../../audit/builds/build-answers.js';
import { baseline, baselineRecord } from '../../audit/builds/build-baseline.js';
import { emptinessRule } from '../../audit/claim-verification/emptiness.js';
import type { Input } from '../../audit/data.js';
import { lengthOf, majorityRule, overlapOf, type Rule, thresholdRule } from '../../audit/rules.js';
import type { BuildName } from '../../datasets/build-name.js';
import { taskOf } from '../../datasets/builds.js';
import { buildFacts, type FactsRow, factsHeader, factsName } from '../../datasets/facts.js';
import type { Paths } from '../../project/paths.js';
import { capital } from '../../reporting/format.js';
import { toId } from '../../reporting/publication.js';
import { missingFor } from '../../scoring/missing.js';
import type { Gold } from '../../tasks/row.js';
import type { Answer } from '../../tasks/shape.js';
import { fieldsOf, type Task } from '../../tasks/task.js';
import type { System, TestSet } from './system.js';

/**
 * The floors of a test set: systems that count, or look words up, and compare no texts, so that a score no higher shows
 * no more reading than that. They learn from the whole of a pool. Of labels: the commonest; thresholds on the words of
 * the second text and on those the texts share; classifiers of words, which cannot compare the texts. Of label sets: the
 * commonest, and a classifier of words for each label. Of spans: none, and the words of training spans looked up. Of
 * numbers: the mean, and the words in common. Of texts: none.
 */
export function floorsOf({ test }: TestSet, pool: BuildName, paths: Paths): readonly System[] {
  const task = taskOf(test, paths);
  // Facts hold no text that would be right, so that none is the commonest.
  if (task.shape === 'text') return [];
  const [first = '', second] = fieldsOf(task);
  const learnt = (title: string, learn: (train: readonly FactsRow[]) => (row: FactsRow) => Answer) =>
    factsFloor(title, learn, pool, paths);
  if (task.shape !== 'one-of') {
    return [
      learnt(task.shape === 'number' ? 'Mean' : 'Commonest answer', (train) => {
        const answer = usual(task, train);
        return () => answer;
      }),
      ...(task.shape === 'number' && second
        ? [
            learnt(
              'Overlap',
              () =>
                ({ overlap }) =>
                  onRange(task.range, overlap),
            ),
          ]
        : []),
      ...(hasAnswerBaseline(task)
        ? [answersFloor(task.shape === 'spans' ? 'Dictionary' : 'Word classifier', pool, paths)]
        : []),
    ];
  }
  const { labels } = task;
  const ruled = (title: string, fit: (train: readonly FactsRow[]) => Rule) =>
    learnt(title, (train) => {
      const rule = fit(train);
      return (row) => rule.predict(row);
    });
  const words = (title: string, input: Input) => wordsFloor(title, input, pool, paths);
  return [
    ruled('Majority', (train) => majorityRule(train, labels)),
    ...(task.name === CLAIMS ? [ruled('Emptiness', () => emptinessRule)] : []),
    ...(second === undefined
      ? [words('Word classifier', first)]
      : [
          ruled(`${capital(second)} length`, (train) => thresholdRule(train, lengthOf(second), labels)),
          ruled('Overlap', (train) => thresholdRule(train, overlapOf(first, second), labels)),
          words(`${capital(second)} alone`, second),
          words('Word classifier', 'both'),
        ]),
  ];
}

/** The task whose rows may have empty evidence, which gives a label away. */
const CLAIMS = 'claim-verification';

/** A floor that sees facts of rows alone. */
function factsFloor(
  title: string,
  learn: (train: readonly FactsRow[]) => (row: FactsRow) => Answer,
  pool: BuildName,
  paths: Paths,
): System {
  return floor(title, paths, {
    records: ({ test }) =>
      [pool, test].map((build) => ({ header: factsHeader(build, paths), name: factsName(build) })),
    async answers({ test }) {
      const [train, { rows }] = [await buildFacts(pool, paths), await buildFacts(test, paths)];
      const answer = learn(train.rows);
      return { ...train, rows: rows.map((row) => ({ id: row.id, answer: answer(row) })) };
    },
  });
}

/** A floor that reads words: a record of the audit's classifiers. */
function wordsFloor(title: string, input: Input, pool: BuildName, paths: Paths): System {
  const asked = ({ test }: TestSet) => ({ input, train: pool, test });
  return floor(title, paths, {
    records: (test) => [baselineRecord(asked(test), paths)],
    answers: (test) => baseline(asked(test), paths),
  });
}

/** A floor that reads words and answers with label sets or spans. */
function answersFloor(title: string, pool: BuildName, paths: Paths): System {
  const asked = ({ test }: TestSet) => ({ train: pool, test });
  return floor(title, paths, {
    records: (test) => [answerBaselineRecord(asked(test), paths)],
    answers: (test) => answerBaseline(asked(test), paths),
  });
}

function floor(
  title: string,
  paths: Paths,
  { records, answers }: Pick<System, 'records' | 'answers'>,
): System {
  return {
    model: { id: toId(title), title },
    method: 'floor',
    immediate: true,
    records,
    missing: (test) => [...new Set(records(test).flatMap(({ header }) => missingFor(header, paths)))],
    answers,
  };
}

/** The mean of numbers; of other answers the commonest, of equals the first in the rows. */
function usual(task: Task, train: readonly FactsRow[]): Answer {
  if (task.shape === 'number')
    return train.reduce((sum, { gold }) => sum + Number(gold), 0) / Math.max(1, train.length);
  // Offsets are of one text: what rows have in common is no span.
  if (task.shape === 'spans') return [];
  const counts = new Map<string, { readonly gold: Gold; readonly count: number }>();
  for (const { gold } of train) {
    const key = JSON.stringify(gold);
    counts.set(key, { gold, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const [commonest] = [...counts.values()].sort((a, b) => b.count - a.count);
  return commonest?.gold ?? [];
}

/** A share as a number of a range. */
const onRange = ([low, high]: readonly [number, number], share: number) => low + share * (high - low);
