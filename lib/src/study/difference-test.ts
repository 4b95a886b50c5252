import { type Compared, seedPairs } from '../metrics/difference.js';
import { mcnemar } from '../metrics/mcnemar.js';
import { type Answers, summed } from '../metrics/measure.js';
import { randomisationTest } from '../metrics/paired-tests.js';
import { methodFor } from '../metrics/resampling/bootstrap.js';
import { type Clusters, drawnUnits } from '../metrics/resampling/clusters.js';
import { sampleOf } from '../metrics/resampling/summed.js';
import { formatNumber } from '../reporting/format.js';

/** A test of no difference, two-sided, and why it is the one. */
export interface DifferenceTest {
  /** "mid-p McNemar test over 450 rows" */
  readonly method: string;
  /** "rows share claims or documents ..." */
  readonly reason: string;
  readonly p: number;
  /** Nothing could be tested, as `reason` says. */
  readonly impossible?: true;
}

/**
 * The test that fits what is compared:
 * - what counts right answers, as accuracy and exact match do, on rows that are independent: McNemar's, by its mid-p, which
 *   asks nothing but how often one system alone is right (Dietterich 1998; Fagerland, Lydersen and Laake 2013);
 * - the same on rows that come in clusters, or the mean of several seeds: studentised approximate randomisation of whole
 *   clusters (`randomisationTest`), since McNemar's test takes rows as independent;
 * - all else: studentised approximate randomisation, of clusters where there are such, since F1, of a label or the macro
 *   average, and correlations are no means over rows (Yeh 2000; Dror et al. 2018, section 3), and ROUGE is one of scores.
 *
 * Where clusters are few (`methodFor`) and a system gives a label of the gold ones in fewer than `LEAST_GROUPS` of them, the error of
 * that label's F1 is hardly known, and the reason says so, with the p of exchanges of the plain difference beside: in
 * simulations (data/simulations/sparse-labels.json) that one rejects 0 to 5 of 100 true nulls with HealthVer's groups, the studentised
 * 3 to 7, and finds fewer differences (59 of 100, not 69). With systems that hardly give any label but one neither is safe.
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
  const counted = measure.overRows === 'right';
  if (counted && !clusters && only) {
    return {
      method: `mid-p McNemar test over ${drawnUnits(golds.length)}`,
      reason: `${measure.title} counts rows, and no two of them are linked`,
      p: mcnemar(
        golds.map(() => 1),
        rightnessOf(compared, only[0]),
        rightnessOf(compared, only[1]),
      ).midP,
    };
  }
  const rare = measure.overRows === undefined ? rareLabel(compared, clusters) : undefined;
  const { difference, p, note } = randomisationTest(compared, { seed, clusters });
  if (note !== undefined) {
    const where = Number.isNaN(difference) && measure.undefinedWhere ? `: ${measure.undefinedWhere}` : '';
    return { method: 'no test', reason: `${note}${where}`, p, impossible: true };
  }
  const plain = () => {
    const { p: of } = randomisationTest(compared, { seed, clusters, statistic: 'difference' });
    const text = formatNumber(of, { format: 'p-value' });
    return text.startsWith('<') ? text : `= ${text}`;
  };
  const units = clusters ? new Set(clusters.keys).size : golds.length;
  return {
    method: `studentised approximate randomisation over ${drawnUnits(units, clusters)}`,
    reason: [
      ...(measure.overRows === undefined ? [`${measure.title} is no mean over rows`] : []),
      ...(measure.overRows === 'score'
        ? [`${measure.title} is a mean of rows' scores, and counts none as right`]
        : []),
      ...(counted && !only ? ['a row has a prediction for each seed'] : []),
      clusters ? 'linked rows are not independent' : 'no two rows are linked',
      ...(rare === undefined
        ? []
        : [
            `a system gives ${rare} in fewer than ${LEAST_GROUPS} of these few groups (by plain exchanges p ${plain()})`,
          ]),
    ].join(', and '),
    p,
  };
}

/** Groups in which a label is given, below which the error of its F1 is hardly known. */
const LEAST_GROUPS = 10;

/** A label of the gold ones that a system gives in fewer than `LEAST_GROUPS` clusters, where clusters are few. */
function rareLabel({ golds, ours, theirs }: Compared, clusters: Clusters | undefined): string | undefined {
  if (methodFor(clusters) === 'percentile') return undefined;
  const labels = new Set(golds.flatMap((gold) => labelsIn(gold)));
  return [...labels].find((label) =>
    [...ours, ...theirs].some((answers) => {
      const given = answers.flatMap((answer, row) =>
        labelsIn(answer).includes(label) ? [clusters?.keys[row] ?? row] : [],
      );
      return new Set(given).size < LEAST_GROUPS;
    }),
  );
}

const labelsIn = (answer: unknown): readonly string[] =>
  (Array.isArray(answer) ? answer : [answer]).filter((each) => typeof each === 'string');

/** Of each row by itself 1 where its answer is right, 0 where it is not. */
function rightnessOf({ measure, golds }: Compared, answers: Answers): readonly number[] {
  const { of } = sampleOf(summed([measure], golds, answers));
  return golds.map((_, row) => of(Int32Array.of(row))[0] ?? 0);
}
