import { UserError } from '../project/error.js';
import { randomStream } from '../project/random.js';
import type { RowFacts } from '../tasks/row.js';
import { type Group, groupsOfSize, nearestSizes } from './exact-size.js';
import { type Grouping, groupingName, groupsOf, sharedKeys } from './group.js';
import { countStrata, proportionalCounts, type Stratification } from './stratified.js';

interface Division {
  readonly seed: number;
  /** The classes that stay in proportion, such as a task's labels: of the shape of its answers. */
  readonly stratify: Stratification;
  readonly group: Grouping;
}

/** How rows are divided: so that `train` has a size exactly, or so that about a share of the rows is held out. */
export type SplitOptions = Division & ({ readonly size: number } | { readonly heldShare: number });

/** Two parts of some rows, each in the rows' order. */
export interface Split<Row> {
  readonly train: readonly Row[];
  readonly held: readonly Row[];
}

/**
 * Divides rows into those for training and the rest held out, no group on both sides, classes in the same proportions on
 * both as nearly as whole groups allow. The same rows and options give the same parts.
 *
 * By `size`, in whatever order the rows are given: the counts of the classes aimed at are `size` times each class's share,
 * rounded by largest remainder, and groups are drawn and exchanged until they make up the size exactly and come near the
 * aim (`groupsOfSize`). By `heldShare`: of each class, groups are held out in a drawn order where they still fit its share
 * of the rows; a group is of its first row's class, and one that is more than the share is never held out.
 *
 * @throws UserError if `size` is not from 1 to one less than the rows, a row is given twice, or no whole groups add up
 *   to it, naming the nearest sizes that can be had; if no row would be on one side of a share.
 *
 * @example
 * const { rows } = await buildFacts('scifact/rationales/train');
 * const stratify = shapeOf(findTask('claim-verification'));
 * const { train, held } = split(rows, { size: 1008, seed: 1, stratify, group: 'claim' });
 * [train.length, held.length, leak(train, held).claim]; // -> [1008, 253, 0]
 */
export function split<Row extends RowFacts>(rows: readonly Row[], options: SplitOptions): Split<Row> {
  const held =
    'size' in options
      ? heldOfSize(rows, options, options.size)
      : heldOfShare(rows, options, options.heldShare);
  const parts = {
    train: rows.filter((_, index) => !held.has(index)),
    held: rows.filter((_, index) => held.has(index)),
  };
  const [leak] = sharedKeys(parts.train, parts.held, options.group);
  if (leak !== undefined) throw new Error(`split is wrong: ${leak} is on both sides`);
  return parts;
}

/** Indices of the rows that are not among `size` for training. */
function heldOfSize(
  rows: readonly RowFacts[],
  { seed, group: grouping, stratify }: Division,
  size: number,
): ReadonlySet<number> {
  if (!Number.isInteger(size) || size < 1 || size >= rows.length) {
    throw new UserError(`a split of ${rows.length} rows cannot have ${size} for training`, {
      hint: `Choose a whole number from 1 to ${rows.length - 1}.`,
    });
  }
  const order = [...rows.keys()].sort((a, b) => ((rows[a]?.id ?? '') < (rows[b]?.id ?? '') ? -1 : 1));
  const sorted = order.flatMap((index) => rows[index] ?? []);
  const twice = sorted.find(({ id }, index) => id === sorted[index + 1]?.id);
  if (twice) throw new UserError(`the row ${twice.id} is given twice`);
  const groups = groupsOf(sorted, grouping).map(
    (members): Group => ({
      rows: members.flatMap((index) => order[index] ?? []),
      size: members.length,
      counts: countStrata(
        members.flatMap((index) => sorted[index] ?? []),
        stratify,
      ),
    }),
  );
  const aim = proportionalCounts(countStrata(rows, stratify), size);
  const random = randomStream(`split by ${groupingName(sorted, grouping)}`, seed);
  const taken = groupsOfSize(groups, size, aim, random);
  if (!taken) {
    const near = nearestSizes(groups, size);
    throw new UserError(`no whole groups (by ${grouping}) add up to ${size} of ${rows.length} rows`, {
      hint: near.length > 0 ? `The nearest sizes are ${near.join(' and ')}.` : 'All rows are one group.',
    });
  }
  const train = new Set([...taken].flatMap((group) => group.rows));
  return new Set([...rows.keys()].filter((index) => !train.has(index)));
}

/** Indices of about the share of the rows. */
function heldOfShare(
  rows: readonly RowFacts[],
  { seed, group: grouping, stratify }: Division,
  share: number,
): ReadonlySet<number> {
  const byClass = new Map<string, (readonly number[])[]>();
  for (const members of groupsOf(rows, grouping)) {
    const first = rows[members[0] ?? 0];
    const stratum = first ? stratify.stratum(first.gold) : '';
    const same = byClass.get(stratum);
    if (same) same.push(members);
    else byClass.set(stratum, [members]);
  }
  const random = randomStream(`audit split by ${groupingName(rows, grouping)}`, seed);
  const held = new Set<number>();
  for (const stratum of [...byClass.keys()].sort()) {
    const groups = byClass.get(stratum) ?? [];
    let room = share * groups.reduce((sum, members) => sum + members.length, 0);
    for (const members of random.shuffle(groups)) {
      if (members.length > room) continue;
      room -= members.length;
      for (const row of members) held.add(row);
    }
  }
  if (held.size === 0 || held.size === rows.length) {
    throw new UserError(
      `${rows.length} rows cannot be divided by ${grouping} with ${share} of them held out`,
      {
        hint: 'Give another share, divide by row, or give test rows of your own.',
      },
    );
  }
  return held;
}
