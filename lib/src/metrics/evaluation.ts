import { clustersOf, type LinkedRow } from '../datasets/group.js';
import { UserError } from '../project/error.js';
import { byWords } from '../tasks/measure-ids.js';
import type { RowFacts } from '../tasks/row.js';
import type { Task } from '../tasks/task.js';
import { type Estimates, estimates } from './estimates.js';
import type { Answers, Reference, WordPlace } from './measure.js';
import { measuresOf } from './measures/measures.js';
import { type BootstrapOptions, methodFor } from './resampling/bootstrap.js';
import type { Clusters } from './resampling/clusters.js';

/**
 * The `estimates` of all measures of a task for a system's answers to its rows. Intervals take `linkedRows` whole: read
 * there what that is worth. Where these are few, intervals are `jackknife-t`.
 *
 * @example
 * const task = findTask('claim-verification');
 * const { rows } = await buildFacts('scifact/rationales/dev');
 * const { number, interval } = evaluate(task, rows, [follow(emptinessRule, rows)]).of('macro-f1');
 * [number, interval?.low, interval?.high]; // -> [0.593, 0.571, 0.613]
 */
export function evaluate(
  task: Task,
  rows: readonly RowFacts[],
  bySeed: readonly Answers[],
  options: Omit<BootstrapOptions, 'clusters'> = {},
): Estimates {
  const clusters = linkedRows(task, rows);
  return estimates(measuresOf(task), referencesOf(task, rows), bySeed, {
    method: methodFor(clusters),
    ...options,
    clusters,
  });
}

/**
 * What answers to rows are scored against: their gold; of a task that is measured by words, with the words of the text, which
 * facts then have.
 *
 * @throws UserError for such a row without its words.
 *
 * @example
 * const task = { ...findTask('disease-recognition'), measure: 'word-macro-f1' };
 * const gold = [{ type: 'Disease', start: 0, end: 11 }];
 * const rows = [factsOf({ id: '1', gold, keys: {}, texts: { text: 'Swine fever is rare.' } }, task)];
 * const answers = [[{ type: 'Disease', start: 6, end: 11 }]];
 * scores([mainMeasure(task)], referencesOf(task, rows), answers); // -> [0.667]
 */
export function referencesOf(task: Task, rows: readonly RowFacts[]): readonly Reference[] {
  if (!byWords(task)) return rows.map(({ gold }) => gold);
  return rows.map(({ id, gold, details }) => {
    const { words } = details ?? {};
    if (!words || typeof gold !== 'object')
      throw new UserError(`row ${id} comes without the words of its text`, {
        hint: `${task.name} is measured by words (${task.measure}): take rows from buildFacts or factsOf.`,
      });
    const starts = words.filter((_, index) => index % 2 === 0);
    return {
      spans: gold.filter((each) => typeof each !== 'string'),
      words: starts.map((start, index): WordPlace => [start, words[2 * index + 1] ?? start]),
    };
  });
}

/**
 * Rows linked by what they share of a task's keys, directly or through others, as the clusters to draw whole
 * (`clustersOf`).
 *
 * SciFact dev has 248 of them, the largest with 3 % of the rows, which is plenty. HealthVer test has 50, the largest
 * with 10 %, worth 20 of equal size, which is few: percentiles are too narrow there (Cameron, Gelbach and Miller 2008, on
 * few clusters; MacKinnon and Webb 2017, on unequal ones), so that intervals are `jackknife-t`.
 *
 * @example
 * const { rows } = await buildFacts('scifact/rationales/dev');
 * new Set(linkedRows(findTask('claim-verification'), rows).keys).size; // -> 248
 */
export function linkedRows({ keys }: Pick<Task, 'keys'>, rows: readonly LinkedRow[]): Clusters {
  // `documentIds` are documents.
  const shared = Object.values(keys).map((name) => `${name.replace(/Ids?$/, '').replace(/y$/, 'ie')}s`);
  return clustersOf(rows, [['all', `groups of rows linked by ${shared.join(' or ')}`]]);
}
