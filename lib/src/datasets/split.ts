import { UserError } from '../project/error.js';
import { type RandomStream, randomStream } from '../project/random.js';
import type { RowFacts } from '../tasks/row.js';
import type { Shape } from '../tasks/shape.js';
import { type Grouping, groupingName, groupsOf, sharedKeys } from './group.js';

/** Classes of gold, in the order in which ties between them are settled. */
export type Stratification = Pick<Shape, 'strata' | 'stratum'>;

/** How rows are divided. */
export interface SplitOptions {
  /** Rows in `train`, exactly. */
  readonly size: number;
  readonly seed: number;
  /** The classes that stay in proportion, such as a task's labels: of the shape of its answers. */
  readonly stratify: Stratification;
  readonly group: Grouping;
}

/** Two parts of some rows, each in the rows' order. */
export interface Split<Row> {
  readonly train: readonly Row[];
  readonly held: readonly Row[];
}

/**
 * Divides rows into `size` for training and the rest held out, no group on both sides, labels in the same proportions
 * on both as nearly as whole groups allow. The same rows (in any order) and options give the same parts.
 *
 * The label counts aimed at are `size` times each label's share, rounded by largest remainder. Groups are drawn, each
 * with the same chance, so that they make up the size exactly; then one group is exchanged for one or two others, or
 * two for one, for as long as that brings the counts nearer the aim (sum of absolute differences). Where the aim is
 * not met, the nearest of 20 such draws is taken. Rows in groups of their own (`row`) always meet it.
 *
 * @throws UserError if `size` is not from 1 to one less than the rows, a row is given twice, or no whole groups add up
 *   to `size`; the error then names the nearest sizes that can be had.
 */
export function split<Row extends RowFacts>(rows: readonly Row[], options: SplitOptions): Split<Row> {
  const { size, seed, group: grouping, stratify } = options;
  if (!Number.isInteger(size) || size < 1 || size >= rows.length) {
    throw new UserError(`a split of ${rows.length} rows cannot have ${size} for training`, {
      hint: `Choose a whole number from 1 to ${rows.length - 1}.`,
    });
  }
  const sorted = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  sorted.forEach((row, index) => {
    if (row.id === sorted[index + 1]?.id) throw new UserError(`the row ${row.id} is given twice`);
  });
  const groups = groupsOf(sorted, grouping)
    .map((members) =>
      groupOf(
        members.flatMap((index) => sorted[index] ?? []),
        stratify,
      ),
    )
    .sort((a, b) => b.size - a.size);
  const reachable = sizesWithin(groups, size);
  if (!has(reachable[0], size)) throw impossible(groups, size, grouping);

  const aim = proportionalCounts(countStrata(rows, stratify), size);
  const random = randomStream(`split by ${groupingName(sorted, grouping)}`, seed);
  let taken = improve(draw(groups, reachable, size, random), groups, aim);
  for (let draws = 1; draws < MOST_DRAWS && distance(missingFrom(taken, aim)) > 0; draws++) {
    const again = improve(draw(groups, reachable, size, random), groups, aim);
    if (distance(missingFrom(again, aim)) < distance(missingFrom(taken, aim))) taken = again;
  }

  const ids = new Set([...taken].flatMap((group) => group.ids));
  const parts = { train: rows.filter(({ id }) => ids.has(id)), held: rows.filter(({ id }) => !ids.has(id)) };
  const [leak] = sharedKeys(parts.train, parts.held, grouping);
  if (leak !== undefined || parts.train.length !== size)
    throw new Error(`split is wrong: ${leak ?? parts.train.length}`);
  return parts;
}

const MOST_DRAWS = 20;

interface Group {
  readonly ids: readonly string[];
  readonly size: number;
  /** Rows of each class, in their order. */
  readonly counts: readonly number[];
}

function groupOf(rows: readonly RowFacts[], stratify: Stratification): Group {
  return { ids: rows.map(({ id }) => id), size: rows.length, counts: countStrata(rows, stratify) };
}

function countStrata(rows: readonly RowFacts[], { strata, stratum }: Stratification): readonly number[] {
  const found = rows.map(({ gold }) => stratum(gold));
  return strata.map((each) => found.filter((one) => one === each).length);
}

/** Parts of `size` in proportion to `counts`, whole by the method of largest remainders; of equals the first. */
export function proportionalCounts(counts: readonly number[], size: number): readonly number[] {
  const total = sum(counts);
  const exact = counts.map((count) => (count * size) / total);
  const whole = exact.map(Math.floor);
  const byRemainder = [...counts.keys()].sort((a, b) => remainder(exact, b) - remainder(exact, a) || a - b);
  const raised = new Set(byRemainder.slice(0, size - sum(whole)));
  return whole.map((count, index) => count + (raised.has(index) ? 1 : 0));
}

const remainder = (exact: readonly number[], index: number) => (exact[index] ?? 0) % 1;
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/**
 * Groups of exactly `size` rows: each is taken with the same chance, unless those after it could then no longer make
 * up the size. Large ones come first, so that the small ones, which can, are left to do so.
 */
function draw(
  groups: readonly Group[],
  reachable: readonly bigint[],
  size: number,
  random: RandomStream,
): ReadonlySet<Group> {
  const chance = size / sum(groups.map((group) => group.size));
  const taken = new Set<Group>();
  let missing = size;
  random
    .shuffle(groups)
    .sort((a, b) => b.size - a.size)
    .forEach((group, index) => {
      const rest = reachable[index + 1];
      const canTake = has(rest, missing - group.size);
      if (!canTake || (random.next() >= chance && has(rest, missing))) return;
      taken.add(group);
      missing -= group.size;
    });
  return taken;
}

/** For each i the sizes, up to `most`, that some of the groups from the i-th on add up to: bit s of a number is size s. */
function sizesWithin(groups: readonly Group[], most: number): readonly bigint[] {
  const mask = (1n << BigInt(most + 1)) - 1n;
  let rest = 1n;
  const sizes = [rest];
  for (const group of groups.toReversed()) {
    rest = (rest | (rest << BigInt(group.size))) & mask;
    sizes.push(rest);
  }
  return sizes.reverse();
}

function has(sizes: bigint | undefined, size: number): boolean {
  return size >= 0 && sizes !== undefined && ((sizes >> BigInt(size)) & 1n) === 1n;
}

/** Groups that could change sides together. */
interface Move {
  readonly groups: readonly Group[];
  readonly size: number;
  readonly counts: readonly number[];
}

/** How many rows of each label are too few (or, negative, too many). */
function missingFrom(taken: ReadonlySet<Group>, aim: readonly number[]): readonly number[] {
  return [...taken].reduce((left, { counts }) => left.map((l, i) => l - (counts[i] ?? 0)), aim);
}

function improve(
  taken: ReadonlySet<Group>,
  groups: readonly Group[],
  aim: readonly number[],
): ReadonlySet<Group> {
  const better = new Set(taken);
  for (;;) {
    const off = missingFrom(better, aim);
    let least = distance(off);
    if (least === 0) return better;
    const [inside, outside] = [
      groups.filter((group) => better.has(group)),
      groups.filter((group) => !better.has(group)),
    ];
    let best: { leave: Move; enter: Move } | undefined;
    for (const [leaving, entering] of [
      [singles(inside), [...singles(outside), ...pairs(outside)]],
      [pairs(inside), singles(outside)],
    ] as const) {
      const bySize = new Map<number, Move[]>();
      for (const move of leaving) {
        const same = bySize.get(move.size);
        if (same) same.push(move);
        else bySize.set(move.size, [move]);
      }
      for (const enter of entering) {
        for (const leave of bySize.get(enter.size) ?? []) {
          const then = distance(off.map((l, i) => l + (leave.counts[i] ?? 0) - (enter.counts[i] ?? 0)));
          if (then < least) [least, best] = [then, { leave, enter }];
        }
      }
    }
    if (!best) return better;
    for (const group of best.leave.groups) better.delete(group);
    for (const group of best.enter.groups) better.add(group);
  }
}

const distance = (off: readonly number[]) => sum(off.map(Math.abs));

/** Of groups with the same label counts the first `most`: the others would do no more. */
function kinds(groups: readonly Group[], most: number): readonly Group[] {
  const seen = new Map<string, number>();
  return groups.filter(({ counts }) => {
    const kind = counts.join();
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    return (seen.get(kind) ?? 0) <= most;
  });
}

function singles(groups: readonly Group[]): readonly Move[] {
  return kinds(groups, 1).map((group) => ({ groups: [group], size: group.size, counts: group.counts }));
}

function pairs(groups: readonly Group[]): readonly Move[] {
  const of = kinds(groups, 2);
  return of.flatMap((a, index) =>
    of.slice(index + 1).map((b) => ({
      groups: [a, b],
      size: a.size + b.size,
      counts: a.counts.map((count, l) => count + (b.counts[l] ?? 0)),
    })),
  );
}

function impossible(groups: readonly Group[], size: number, grouping: Grouping): UserError {
  const rows = sum(groups.map((group) => group.size));
  const [sizes] = sizesWithin(groups, rows);
  const possible = Array.from({ length: rows - 1 }, (_, index) => index + 1).filter((number) =>
    has(sizes, number),
  );
  const near = [possible.findLast((number) => number < size), possible.find((number) => number > size)];
  const known = near.filter((number) => number !== undefined);
  return new UserError(`no whole groups (by ${grouping}) add up to ${size} of ${rows} rows`, {
    hint: known.length > 0 ? `The nearest sizes are ${known.join(' and ')}.` : 'All rows are one group.',
  });
}
