import { type Compared, seedPairs } from '../metrics/difference.js';
import { mcnemar } from '../metrics/mcnemar.js';
import { randomisationTest } from '../metrics/paired-tests.js';
import { type Clusters, drawnUnits } from '../metrics/resampling/clusters.js';

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
  compared: Compared,
  { clusters, seed }: { readonly clusters?: Clusters | undefined; readonly seed: number },
): DifferenceTest {
  const { measure, golds } = compared;
  const pairs = seedPairs(compared);
  const only = pairs.length === 1 ? pairs[0] : undefined;
  const counted = measure.id === 'accuracy';
  if (counted && !clusters && only) {
    return {
      method: `mid-p McNemar test over ${drawnUnits(golds.length)}`,
      reason: 'accuracy counts rows, and no two of them are linked',
      p: mcnemar(golds, ...only).midP,
    };
  }
  const { p } = randomisationTest(compared, { seed, clusters });
  const units = clusters ? new Set(clusters.keys).size : golds.length;
  return {
    method: `paired approximate randomisation over ${drawnUnits(units, clusters)}`,
    reason: [
      ...(counted ? [] : [`${measure.title} is no mean over rows`]),
      ...(counted && !only ? ['a row has a prediction for each seed'] : []),
      clusters ? 'linked rows are not independent' : 'no two rows are linked',
    ].join(', and '),
    p,
  };
}
