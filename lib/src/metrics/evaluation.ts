import { clustersOf, type LinkedRow } from '../datasets/group.js';
import type { RowFacts } from '../tasks/row.js';
import type { Task } from '../tasks/task.js';
import { type Estimates, estimates } from './estimates.js';
import type { Answers } from './measure.js';
import { measuresOf } from './measures/measures.js';
import type { BootstrapOptions } from './resampling/bootstrap.js';
import type { Clusters } from './resampling/clusters.js';

/**
 * The `estimates` of all measures of a task for a system's answers to its rows. Intervals draw `linkedRows` whole: read
 * there what that is worth.
 *
 * @example
 * const task = findTask('claim-verification');
 * const { rows } = await buildFacts('scifact/rationales/dev');
 * const { number, interval } = evaluate(task, rows, [follow(emptinessRule, rows)]).of('macro-f1');
 * [number, interval.low, interval.high]; // -> [0.593, 0.571, 0.613]
 */
export function evaluate(
  task: Task,
  rows: readonly RowFacts[],
  bySeed: readonly Answers[],
  options: Omit<BootstrapOptions, 'clusters'> = {},
): Estimates {
  const golds = rows.map(({ gold }) => gold);
  return estimates(measuresOf(task), golds, bySeed, { ...options, clusters: linkedRows(task, rows) });
}

/**
 * Rows linked by what they share of a task's keys, directly or through others, as the clusters to draw whole
 * (`clustersOf`).
 *
 * SciFact dev has 248 of them, the largest with 3 % of the rows, which is plenty. HealthVer test has 50, the largest
 * with 10 %, which is few: intervals are wider and nearer the truth than those over claims, and still too narrow
 * (Cameron, Gelbach and Miller 2008, on few clusters; MacKinnon and Webb 2017, on unequal ones). `intervalCoverage`
 * says by how much.
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
