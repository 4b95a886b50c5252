import { mcnemar } from '../metrics/mcnemar.js';
import { type Predictions, seedPairs } from '../metrics/pair.js';
import { randomisationTest } from '../metrics/paired.js';
import { type Clusters, drawnUnits } from '../metrics/resampling.js';
import { accuracy, f1, macroF1, type Statistic } from '../metrics/scores.js';
import { LABELS, type Label } from '../tasks/example.js';

/** What two systems are compared by. */
export type Score = 'macro-F1' | 'accuracy' | `F1 of ${Label}`;

/** The statistic behind a score's name. */
export function statisticOf(score: Score): Statistic {
  const label = LABELS.find((each) => score === `F1 of ${each}`);
  if (label) return (counts) => f1(counts, label);
  return score === 'accuracy' ? accuracy : macroF1;
}

/** A test of no difference, two-sided, and why it is the one. */
export interface DifferenceTest {
  /** "mid-p McNemar test over 450 rows" */
  readonly method: string;
  /** "rows share claims or documents ..." */
  readonly reason: string;
  readonly p: number;
}

/**
 * The test that fits what is compared:
 * - accuracy on rows that are independent: McNemar's, by its mid-p, which asks nothing but how often one system alone is
 *   right (Dietterich 1998; Fagerland, Lydersen and Laake 2013);
 * - accuracy on rows that come in clusters, or the mean of several seeds: paired approximate randomisation of whole clusters, since McNemar's test takes
 *   rows as independent;
 * - F1, of a label or the macro average: paired approximate randomisation, of clusters where there are such, since it is
 *   no mean over rows (Yeh 2000; Dror et al. 2018, section 3).
 *
 * @param clusters rows that are not independent; none where every row is alone.
 * @throws UserError where lists differ in length.
 */
export function differenceTest(
  gold: readonly Label[],
  ours: Predictions,
  theirs: Predictions,
  score: Score,
  { clusters, seed }: { readonly clusters?: Clusters | undefined; readonly seed: number },
): DifferenceTest {
  const pairs = seedPairs(ours, theirs);
  const only = pairs.length === 1 ? pairs[0] : undefined;
  if (score === 'accuracy' && !clusters && only) {
    return {
      method: `mid-p McNemar test over ${drawnUnits(gold.length)}`,
      reason: 'accuracy counts rows, and no two of them are linked',
      p: mcnemar(gold, ...only).midP,
    };
  }
  const options = { seed, ...(clusters && { clusters }) };
  const { p } = randomisationTest(gold, ours, theirs, statisticOf(score), options);
  const units = clusters ? new Set(clusters.keys).size : gold.length;
  return {
    method: `paired approximate randomisation over ${drawnUnits(units, clusters)}`,
    reason: [
      ...(score === 'accuracy' ? [] : [`${score} is no mean over rows`]),
      ...(score === 'accuracy' && !only ? ['a row has a prediction for each seed'] : []),
      clusters ? 'linked rows are not independent' : 'no two rows are linked',
    ].join(', and '),
    p,
  };
}
