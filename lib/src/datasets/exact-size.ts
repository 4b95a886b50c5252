import type { RandomStream } from '../project/random.js';

/** Rows that stay together. */
export interface Group {
  /** Indices of rows. */
  readonly rows: readonly number[];
  readonly size: number;
  /** Rows of each class, in their order. */
  readonly counts: readonly number[];
}

const MOST_DRAWS = 20;

/**
 * Groups that make up `size` rows exactly, their classes near the counts aimed at. They are drawn, each with the same
 * chance; then one group is exchanged for one or two others, or two for one, for as long as that brings the counts nearer
 * the aim (sum of absolute differences). Where the aim is not met, the nearest of 20 such draws is taken. Groups of one
 * row always meet it.
 *
 * @returns undefined where no whole groups add up to the size.
 */
export function groupsOfSize(
  given: readonly Group[],
  size: number,
  aim: readonly number[],
  random: RandomStream,
): ReadonlySet<Group> | undefined {
  const groups = given.toSorted((a, b) => b.size - a.size);
  const reachable = sizesWithin(groups, size);
  if (!has(reachable[0], size)) return undefined;
  let taken = improve(draw(groups, reachable, size, random), groups, aim);
  for (let draws = 1; draws < MOST_DRAWS && distance(missingFrom(taken, aim)) > 0; draws++) {
    const again = improve(draw(groups, reachable, size, random), groups, aim);
    if (distance(missingFrom(again, aim)) < distance(missingFrom(taken, aim))) taken = again;
  }
  return taken;
}

/** The sizes nearest to `size`, below and above it, that some but not all of the groups add up to. */
export function nearestSizes(groups: readonly Group[], size: number): readonly number[] {
  const rows = sum(groups.map((group) => group.size));
  const [sizes] = sizesWithin(groups, rows);
  const possible = Array.from({ length: rows - 1 }, (_, index) => index + 1).filter((number) =>
    has(sizes, number),
  );
  return [possible.findLast((number) => number < size), possible.find((number) => number > size)].filter(
    (number) => number !== undefined,
  );
}

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
