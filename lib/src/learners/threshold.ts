import { UserError } from '../project/error.js';
import { countsOf } from './targets.js';

/** A part of a number's range, from where the one before ends to just below `below`, and the class of what lies there. */
export interface RangePart {
  readonly below: number;
  readonly target: number;
}

/**
 * Splits the range of a number in at most three by two cuts and gives each part a class, so that macro-F1 on the rows is
 * the highest; of equals, the first by lower cut, upper cut and classes. Cuts lie midway between numbers that occur.
 *
 * @returns the parts from the lowest; the last has no end.
 * @throws UserError for no rows.
 */
export function fitThresholds(
  numbers: ArrayLike<number>,
  targets: ArrayLike<number>,
  classes: number,
): readonly RangePart[] {
  if (numbers.length === 0) throw new UserError('no rows to learn from');
  const { cuts, below } = cutsOf(numbers, targets, classes);
  const gold = countsOf(targets, classes);
  const lowest = below.map((counts) => f1s(counts, gold));
  const highest = below.map((counts) => f1s(minus(gold, counts), gold));
  let best: readonly (RangePart & { readonly rows: number })[] = [];
  let reached = -1;
  for (const [low, first] of below.entries()) {
    for (let high = low; high < below.length; high++) {
      const second = below[high] ?? gold;
      const [outer, least] = [
        [lowest[low] ?? NONE, highest[high] ?? NONE] as const,
        classes * reached - SLACK,
      ];
      // No part adds more to the sum of F1 than its best class would alone.
      if (outer[0].most + mostBetween(first, second, gold) + outer[1].most < least) continue;
      const parts = [first, minus(second, first), minus(gold, second)];
      const rows = parts.map(sum);
      const middle = f1s(minus(second, first), gold);
      for (const assigned of assignments([outer[0], middle, outer[1]], least)) {
        const macroF1 = macroF1Of(parts, rows, assigned, gold);
        if (macroF1 <= reached) continue;
        reached = macroF1;
        const ends = [cuts[low] ?? 0, cuts[high] ?? 0, Number.POSITIVE_INFINITY];
        best = ends.map((end, part) => ({ below: end, target: assigned[part] ?? 0, rows: rows[part] ?? 0 }));
      }
    }
  }
  return best
    .filter(({ rows }) => rows > 0)
    .filter(({ target }, index, filled) => target !== filled[index + 1]?.target)
    .map(({ below: end, target }) => ({ below: end, target }));
}

/** The class of a number. */
export function classAt(parts: readonly RangePart[], number: number): number {
  return (parts.find(({ below }) => number < below) ?? parts.at(-1))?.target ?? 0;
}

/** More than sums of a few shares can lose to rounding. */
const SLACK = 1e-9;

interface ClassScores {
  /** F1 of each class were it said of this part alone. */
  readonly f1: Float64Array;
  readonly most: number;
}

const NONE: ClassScores = { f1: new Float64Array(), most: 0 };

function f1s(counts: Int32Array, gold: Int32Array): ClassScores {
  const rows = sum(counts);
  const f1 = Float64Array.from(counts, (hits, label) =>
    hits === 0 ? 0 : (2 * hits) / ((gold[label] ?? 0) + rows),
  );
  return { f1, most: Math.max(...f1) };
}

/** What `f1s` of the rows between two cuts has as its highest: without making anything, for the inner loop. */
function mostBetween(first: Int32Array, second: Int32Array, gold: Int32Array): number {
  let rows = 0;
  for (let label = 0; label < gold.length; label++) rows += (second[label] ?? 0) - (first[label] ?? 0);
  let most = 0;
  for (let label = 0; label < gold.length; label++) {
    const hits = (second[label] ?? 0) - (first[label] ?? 0);
    if (hits > 0) most = Math.max(most, (2 * hits) / ((gold[label] ?? 0) + rows));
  }
  return most;
}

/** Ways to give three parts a class each, in order, but for those whose parts cannot add up to `least`. */
function* assignments([low, middle, high]: readonly [ClassScores, ClassScores, ClassScores], least: number) {
  for (const [a, first] of low.f1.entries()) {
    if (first + middle.most + high.most < least) continue;
    for (const [b, second] of middle.f1.entries()) {
      if (first + second + high.most < least) continue;
      for (const [c, third] of high.f1.entries()) if (first + second + third >= least) yield [a, b, c];
    }
  }
}

function macroF1Of(
  parts: readonly Int32Array[],
  rows: readonly number[],
  assigned: readonly number[],
  gold: Int32Array,
): number {
  let f1 = 0;
  for (let label = 0; label < gold.length; label++) {
    let hits = 0;
    let predicted = 0;
    for (const [part, target] of assigned.entries()) {
      if (target !== label) continue;
      hits += parts[part]?.[label] ?? 0;
      predicted += rows[part] ?? 0;
    }
    if (hits > 0) f1 += (2 * hits) / ((gold[label] ?? 0) + predicted);
  }
  return f1 / gold.length;
}

/** Where a range may be cut, and the rows below each cut by class. The first has none: fewer parts are then tried too. */
function cutsOf(numbers: ArrayLike<number>, targets: ArrayLike<number>, classes: number) {
  const order = Uint32Array.from({ length: numbers.length }, (_, row) => row).sort(
    (a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0),
  );
  const cuts: number[] = [];
  const below: Int32Array[] = [];
  const passed = new Int32Array(classes);
  let before: number | undefined;
  for (const row of order) {
    const number = numbers[row] ?? 0;
    if (number !== before) {
      cuts.push((number + (before ?? number)) / 2);
      below.push(passed.slice());
    }
    before = number;
    const target = targets[row] ?? 0;
    passed[target] = (passed[target] ?? 0) + 1;
  }
  return { cuts, below };
}

const minus = (a: Int32Array, b: Int32Array) => a.map((count, label) => count - (b[label] ?? 0));
const sum = (counts: Int32Array) => counts.reduce((total, count) => total + count, 0);
