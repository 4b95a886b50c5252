import { randomStream } from '../project/random.js';
import { type Compared, difference, seedPairs } from './difference.js';
import { checkRows } from './measure.js';
import {
  checkReplicates,
  type ResamplingOptions,
  singleUnit,
  tooOftenUndefined,
  undefinedShare,
} from './resampling/bootstrap.js';
import { drawnUnits, unitsOf } from './resampling/clusters.js';
import { allUnits, sampleOf } from './resampling/summed.js';
import { denseKinds, tallyOf } from './resampling/tally.js';
import { offsetsOf, sideBySide, total } from './resampling/vectors.js';

/**
 * A test of the difference of a score between two systems on the same rows. Of systems that were trained several times
 * the mean score over the seeds, a row drawn or exchanged for all seeds at once: what is tested is these trained
 * systems on other rows, not other seeds.
 */
export interface PairedTest {
  /** The score of ours minus that of theirs; NaN where one is not defined. */
  readonly difference: number;
  /** Two-sided. */
  readonly p: number;
  /** Those that it rests on: not those in which the difference is not defined. */
  readonly replicates: number;
  /** Why nothing could be tested, as a clause; p is then 1. */
  readonly note?: string;
}

/** Rounding must not make a replicate that equals the observed statistic look smaller. */
const SAME = 1e-9;

export interface RandomisationOptions extends ResamplingOptions {
  /** Default `studentised`: the difference over its standard error. `difference`: as it is. */
  readonly statistic?: 'studentised' | 'difference';
}

/**
 * Paired approximate randomisation (Noreen 1989; Yeh 2000; Dror et al. 2018), studentised (Janssen 1997; Chung and Romano
 * 2013): the answers to a row, or to a whole cluster of rows, are exchanged between the systems with chance 1/2;
 * p = (1 + replicates whose statistic is at least the observed one, in absolute value) / (1 + replicates). The statistic is
 * the difference over its jackknife standard error (`differenceError`), which every replicate has anew: the test then asks
 * whether two scores differ, also of systems that favour different labels. The difference alone asks whether answers
 * can be exchanged; where they cannot, it rejects too seldom or too often. By simulation with the groups of our test sets
 * (data/simulations/size-and-power.json) the studentised test rejects a true null at 5 % in 4.0 to 6.3 of 100 cases, the plain one in
 * 3.1 to 7.7; where groups are few it has some points less power. Replicates are 10,000 by default.
 * Replicates in which a statistic is not defined are left out. Nothing is tested where they are more than 10 %, it is not
 * defined on the rows themselves, or there is one unit alone.
 * @throws UserError where lists differ in length or for impossible options.
 *
 * @example
 * const measure = findMeasure('accuracy', { shape: 'one-of', labels: ['yes', 'no'] });
 * const golds = ['yes', 'no', 'yes', 'no', 'yes', 'no'];
 * const theirs = ['no', 'yes', 'no', 'yes', 'no', 'no'];
 * randomisationTest({ measure, golds, ours: [golds], theirs: [theirs] }).p; // -> 0.06
 */
export function randomisationTest(compared: Compared, options: RandomisationOptions = {}): PairedTest {
  const { clusters, seed = 0, replicates = 10_000, statistic = 'studentised' } = options;
  checkReplicates(replicates);
  const exchanged = exchanges(compared, clusters);
  const { units } = exchanged;
  const states = new Int32Array(units);
  const difference = exchanged.difference(states);
  if (units < 2) return untested(difference, singleUnit(clusters));
  const of = () =>
    statistic === 'studentised' ? exchanged.studentised(states) : exchanged.difference(states);
  const observed = of();
  if (Number.isNaN(observed) && !Number.isNaN(difference))
    return untested(difference, `a score is not defined without one of the ${drawnUnits(units, clusters)}`);
  const random = randomStream('approximate randomisation', seed);
  const found = counted(observed, replicates, () => {
    random.fillBelow(states, 2);
    return of();
  });
  return { ...found, difference };
}

/** The difference of two systems whose answers to some units, those of state 1, are exchanged. */
interface Exchanges {
  readonly units: number;
  difference(states: Int32Array): number;
  /** The difference over its jackknife standard error: 0 of no difference, infinite of one without error. */
  studentised(states: Int32Array): number;
}

/** @internal */
export function exchanges(compared: Compared, clusters: ResamplingOptions['clusters']): Exchanges {
  const { golds, measure } = compared;
  // Each row twice: as ours has it, and, `golds.length` further on, as theirs has it.
  const bySeed = seedPairs(compared).map((pair) => {
    for (const answers of pair) checkRows(golds, answers);
    return measure.family.on([...golds, ...golds], pair.flat());
  });
  const own = unitsOf(golds.length, clusters);
  const units = own.length;
  const tally = tallyOf(sideBySide(bySeed), [
    ...own,
    ...own.map((rows) => rows.map((row) => row + golds.length)),
  ]);
  const { width } = tally;
  const dense = denseKinds(tally);
  const { mine, other, pairOf } = pairedKinds(tally.kinds);
  const pairs = mine.length;
  /** How many units there are of each pair, as they are and exchanged. */
  const counts = new Int32Array(2 * pairs);
  const wholes = bySeed.map(total);
  const starts = offsetsOf(bySeed);
  /** Some sums, and the mean over seeds of their score. Nothing is allocated between replicates: it is most of the work. */
  const scored = () => {
    const sums = new Float64Array(width);
    const seeds = wholes.map((whole, seed) => ({
      whole,
      own: sums.subarray(starts[seed], starts[seed + 1]),
    }));
    return {
      sums,
      score() {
        let sum = 0;
        for (const { own, whole } of seeds) sum += measure.of(own, whole);
        return sum / seeds.length;
      },
    };
  };
  const [ours, theirs, oursLess, theirsLess] = [scored(), scored(), scored(), scored()];
  const addAll = (sums: Float64Array, kind: number, times: number) => {
    if (times === 0) return;
    const start = kind * width;
    for (let component = 0; component < width; component++)
      sums[component] = (sums[component] ?? 0) + times * (dense[start + component] ?? 0);
  };
  const less = (from: Float64Array, kind: number, into: Float64Array) => {
    const start = kind * width;
    for (let component = 0; component < width; component++)
      into[component] = (from[component] ?? 0) - (dense[start + component] ?? 0);
  };
  const difference = (states: Int32Array) => {
    counts.fill(0);
    for (let unit = 0; unit < units; unit++) {
      const at = 2 * (pairOf[unit] ?? 0) + (states[unit] ?? 0);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    ours.sums.fill(0);
    theirs.sums.fill(0);
    for (let pair = 0; pair < pairs; pair++) {
      const [a, b, kept, swapped] = [
        mine[pair] ?? 0,
        other[pair] ?? 0,
        counts[2 * pair] ?? 0,
        counts[2 * pair + 1] ?? 0,
      ];
      addAll(ours.sums, a, kept);
      addAll(ours.sums, b, swapped);
      addAll(theirs.sums, b, kept);
      addAll(theirs.sums, a, swapped);
    }
    return ours.score() - theirs.score();
  };
  return {
    units,
    difference,
    studentised(states) {
      const all = difference(states);
      let [sum, squares] = [0, 0];
      for (let at = 0; at < counts.length; at++) {
        const count = counts[at] ?? 0;
        if (count === 0) continue;
        const [a, b] = at % 2 === 0 ? [mine, other] : [other, mine];
        less(ours.sums, a[at >> 1] ?? 0, oursLess.sums);
        less(theirs.sums, b[at >> 1] ?? 0, theirsLess.sums);
        // From the whole difference, so that little is lost where all are nearly the same.
        const moved = oursLess.score() - theirsLess.score() - all;
        sum += count * moved;
        squares += count * moved * moved;
      }
      const variance = ((units - 1) / units) * Math.max(0, squares - (sum * sum) / units);
      if (Math.abs(all) < 1e-12) return 0;
      return all / Math.sqrt(variance < 1e-24 ? 0 : variance);
    },
  };
}

/**
 * The kinds of what ours and theirs make of each unit, as pairs: units of one pair are left out with the same effect, once for
 * all of them.
 */
function pairedKinds(kinds: Uint32Array) {
  const units = kinds.length / 2;
  const known = new Map<string, number>();
  const [mine, other]: [number[], number[]] = [[], []];
  const pairOf = Int32Array.from({ length: units }, (_, unit) => {
    const [a, b] = [kinds[unit] ?? 0, kinds[units + unit] ?? 0];
    const pair = known.get(`${a} ${b}`) ?? known.size;
    if (pair === known.size) {
      known.set(`${a} ${b}`, pair);
      mine.push(a);
      other.push(b);
    }
    return pair;
  });
  return { mine: Int32Array.from(mine), other: Int32Array.from(other), pairOf };
}

/**
 * Paired bootstrap test (Efron and Tibshirani 1993, section 16.4; Koehn 2004; Berg-Kirkpatrick et al. 2012): rows, or
 * clusters, are drawn with replacement, and how far the replicates' differences stray from the observed one stands for
 * how far they would stray from 0 under the null; p = (1 + replicates with |d* - d| >= |d|) / (1 + replicates).
 * Replicates are 10,000 by default; some are left out as in `randomisationTest`. With few clusters it rejects a true null too often, in simulations at 5 % in 6 of 100
 * cases with 50 clusters, 7 with 20 and 13 with 8: prefer `randomisationTest`.
 *
 * @example
 * const measure = findMeasure('accuracy', { shape: 'one-of', labels: ['yes', 'no'] });
 * const golds = ['yes', 'no', 'yes', 'no', 'yes', 'no'];
 * const theirs = ['no', 'yes', 'no', 'yes', 'no', 'no'];
 * pairedBootstrapTest({ measure, golds, ours: [golds], theirs: [theirs] }).p; // -> 0.0001
 */
export function pairedBootstrapTest(compared: Compared, options: ResamplingOptions = {}): PairedTest {
  const { clusters, seed = 0, replicates = 10_000 } = options;
  checkReplicates(replicates);
  const sample = sampleOf(difference(compared), clusters);
  const differenceOf = (drawn: Int32Array) => sample.of(drawn)[0] ?? Number.NaN;
  const observed = differenceOf(allUnits(sample));
  if (sample.units < 2) return untested(observed, singleUnit(clusters));
  const random = randomStream('paired bootstrap test', seed);
  const drawn = new Int32Array(sample.units);
  return counted(observed, replicates, () => {
    random.fillBelow(drawn, sample.units);
    return differenceOf(drawn) - observed;
  });
}

/** The p-value by how many of the null's replicates are as far from 0 as the observed difference. */
function counted(observed: number, replicates: number, replicate: () => number): PairedTest {
  if (Number.isNaN(observed)) return untested(observed, 'a score is not defined on these rows');
  let [extreme, undefinedIn] = [0, 0];
  for (let drawn = 0; drawn < replicates; drawn++) {
    const found = Math.abs(replicate());
    if (Number.isNaN(found)) undefinedIn += 1;
    else if (found >= Math.abs(observed) * (1 - SAME)) extreme += 1;
  }
  if (tooOftenUndefined(undefinedIn, replicates))
    return untested(observed, `the difference is ${undefinedShare(undefinedIn, replicates)}`);
  const rests = replicates - undefinedIn;
  return { difference: observed, p: (extreme + 1) / (rests + 1), replicates: rests };
}

const untested = (difference: number, note: string): PairedTest => ({
  difference,
  p: 1,
  replicates: 0,
  note,
});
