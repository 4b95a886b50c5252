import { groupsOf } from '../datasets/group.js';
import { goldLabels, type Label } from '../tasks/example.js';
import type { RowFacts } from '../tasks/row.js';
import type { BootstrapOptions, Clusters, Interval } from './bootstrap.js';
import { intervals } from './interval.js';
import { accuracy, f1, macroF1, type Scores, type Statistic, scores } from './scores.js';

/** Scores of predictions, with intervals of the three that a study is summed up by. */
export interface Evaluation extends Scores {
  readonly accuracyInterval: Interval;
  readonly macroF1Interval: Interval;
  /** Of the F1 of NEI. */
  readonly neiF1Interval: Interval;
}

/**
 * Scores predictions for `rows`, in their order. Intervals draw `linkedRows` whole: read there what that is worth.
 * Throws UserError where rows and predictions differ in number, and for impossible options.
 */
export function evaluate(
  rows: readonly RowFacts[],
  predicted: readonly Label[],
  options: Omit<BootstrapOptions, 'clusters'> = {},
): Evaluation {
  const gold = goldLabels(rows);
  const drawn = { ...options, clusters: linkedRows(rows) };
  const statistics = [accuracy, macroF1, neiF1];
  const [accuracyInterval, macroF1Interval, neiF1Interval] = intervals(gold, predicted, statistics, drawn);
  if (!accuracyInterval || !macroF1Interval || !neiF1Interval) throw new Error('a statistic has no interval');
  return { ...scores(gold, predicted), accuracyInterval, macroF1Interval, neiF1Interval };
}

const neiF1: Statistic = (counts) => f1(counts, 'NEI');

/**
 * Rows linked by claims or documents, directly or through others, as the clusters to draw whole: rows of a claim are
 * alike, and so are rows of an evidence text, and only these connected components share neither. Drawing claims alone
 * takes rows that quote one document as independent.
 *
 * SciFact dev has 248 of them, the largest with 3 % of the rows, which is plenty. HealthVer test has 50, the largest
 * with 10 %, which is few: intervals are wider and nearer the truth than those over claims, and still too narrow
 * (Cameron, Gelbach and Miller 2008, on few clusters; MacKinnon and Webb 2017, on unequal ones). `intervalCoverage`
 * says by how much.
 */
export function linkedRows(rows: readonly RowFacts[]): Clusters {
  const keys: string[] = [];
  for (const [cluster, members] of groupsOf(rows, 'all').entries()) {
    for (const row of members) keys[row] = String(cluster);
  }
  return { name: 'groups of rows linked by claims or documents', keys };
}
