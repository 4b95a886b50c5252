import { aboveZero, normalCdf, normalQuantile } from '../../metrics/distributions.js';
import type { Clusters } from '../../metrics/resampling/clusters.js';

/** How far a number tells the rows of one label from the others. */
export interface Separation {
  /** Area under the ROC curve, as `auc`: 0.5 tells nothing. */
  readonly auc: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
  /** Of the area being 0.5, two-sided, the higher of two; not corrected for asking about several numbers. */
  readonly p: number;
}

/**
 * The area under the ROC curve with its normal interval, cut off at 0 and 1, by the placements of DeLong, DeLong and
 * Clarke-Pearson (1988), summed over clusters as Obuchowski (1997, "Nonparametric analysis of clustered ROC curve
 * data", equations 4 to 6): with rows of their own it is DeLong's.
 *
 * With V(x) the share of the other rows below a positive row x (ties one half), V(y) the share of the positive rows above
 * another row y, A the area, M and N the rows of either side, and sums over the rows of a cluster:
 * var A = S10 / M + S01 / N + 2 S11 / (M N), S10 = I10 / ((I10 - 1) M) * sum (sum V(x) - m A)^2 and so on.
 *
 * Where the sides do not overlap the variance is 0, and the interval says nothing of what another sample would give.
 * So p is the higher of that of the interval, or, without a variance, of a sign test of the clusters, and that of the rank sum,
 * its variance corrected for ties (Mann and Whitney 1947; Lehmann 1975, section 1.4), which takes rows as independent but knows
 * how few they are.
 *
 * @returns undefined where all rows are on one side.
 */
export function separation(
  numbers: ArrayLike<number>,
  positive: readonly boolean[],
  { clusters, level = 0.95 }: { readonly clusters?: Clusters; readonly level?: number } = {},
): Separation | undefined {
  const { placements, positives, others, ties } = placementsOf(numbers, positive);
  if (positives === 0 || others === 0) return undefined;
  let wins = 0;
  for (const [row, placement] of placements.entries()) if (positive[row]) wins += placement;
  const area = wins / positives;

  const sums = new Map<string | number, { here: number; there: number; sides: number }>();
  for (const [row, placement] of placements.entries()) {
    const key = clusters ? (clusters.keys[row] ?? '') : row;
    const sum = sums.get(key) ?? { here: 0, there: 0, sides: 0 };
    if (positive[row]) sum.here += placement - area;
    else sum.there += placement - area;
    sum.sides |= positive[row] ? 1 : 2;
    sums.set(key, sum);
  }
  const [ours, theirs, all] = [new Spread(), new Spread(), new Spread()];
  for (const { here, there, sides } of sums.values()) {
    if (sides & 1) ours.add(here * here);
    if (sides & 2) theirs.add(there * there);
    all.add(here * there);
  }
  const variance =
    ours.corrected() / positives ** 2 +
    theirs.corrected() / others ** 2 +
    (2 * all.corrected()) / (positives * others);
  const error = Math.sqrt(Math.max(variance, 0));
  const reach = normalQuantile((1 + level) / 2) * error;
  const n = positives + others;
  const rankSum = Math.sqrt((n + 1 - ties / (n * (n - 1))) / (12 * positives * others));
  return {
    auc: area,
    low: Math.max(0, area - reach),
    high: Math.min(1, area + reach),
    level,
    p: Math.max(twoSided(area - 0.5, error, sums.size), twoSided(area - 0.5, rankSum, n)),
  };
}

function twoSided(difference: number, error: number, units: number): number {
  if (Math.abs(difference) < 1e-12) return 1;
  return aboveZero(error < 1e-12 ? 2 ** (1 - units) : 2 * normalCdf(-Math.abs(difference) / error));
}

/** A sum of squares over clusters, with I / (I - 1) for having estimated the mean. */
class Spread {
  private sum = 0;
  private count = 0;
  add(square: number): void {
    this.sum += square;
    this.count += 1;
  }
  corrected(): number {
    return this.count > 1 ? (this.sum * this.count) / (this.count - 1) : this.sum;
  }
}

/** Of each row the share of the other side that it beats: for a positive row those below, for another those above. */
function placementsOf(numbers: ArrayLike<number>, positive: readonly boolean[]) {
  const order = Uint32Array.from(positive.keys()).sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0));
  const positives = positive.reduce((sum, each) => sum + (each ? 1 : 0), 0);
  const others = positive.length - positives;
  const placements = new Float64Array(positive.length);
  let positivesBelow = 0;
  let othersBelow = 0;
  let ties = 0;
  for (let start = 0; start < order.length; ) {
    let stop = start;
    let positivesHere = 0;
    const number = numbers[order[start] ?? 0];
    while (stop < order.length && numbers[order[stop] ?? 0] === number) {
      if (positive[order[stop] ?? 0]) positivesHere += 1;
      stop += 1;
    }
    const othersHere = stop - start - positivesHere;
    ties += (stop - start) ** 3 - (stop - start);
    for (let at = start; at < stop; at++) {
      const row = order[at] ?? 0;
      placements[row] = positive[row]
        ? (othersBelow + othersHere / 2) / others
        : (positives - positivesBelow - positivesHere / 2) / positives;
    }
    positivesBelow += positivesHere;
    othersBelow += othersHere;
    start = stop;
  }
  return { placements, positives, others, ties };
}
