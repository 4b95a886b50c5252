import { UserError } from '../project/error.js';
import { randomStream } from '../project/random.js';
import type { RowFacts } from '../tasks/row.js';
import { type Grouping, groupingName, groupsOf } from './group.js';

export interface HoldOutOptions {
  /** Share of the rows for the test, in 0..1. Default 0.2. */
  readonly testShare?: number;
  /** What may not be on both sides. Default `claim`. */
  readonly group?: Grouping;
  readonly seed?: number;
}

/**
 * Divides the pairs of one file into train and test, groups whole and, of each label, about `testShare` of the rows.
 * A group counts for the label of its first row. Unlike `split`, this takes any labels and is near the share, not exact.
 *
 * @throws UserError where no row would be on one side.
 */
export function holdOut<Row extends RowFacts>(
  rows: readonly Row[],
  { testShare = 0.2, group = 'claim', seed = 0 }: HoldOutOptions = {},
): { readonly train: readonly Row[]; readonly test: readonly Row[] } {
  const byLabel = new Map<string, (readonly number[])[]>();
  for (const members of groupsOf(rows, group)) {
    const label = String(rows[members[0] ?? 0]?.gold ?? '');
    const same = byLabel.get(label);
    if (same) same.push(members);
    else byLabel.set(label, [members]);
  }
  const random = randomStream(`audit split by ${groupingName(rows, group)}`, seed);
  const held = new Set<number>();
  for (const label of [...byLabel.keys()].sort()) {
    const groups = byLabel.get(label) ?? [];
    let room = testShare * groups.reduce((sum, members) => sum + members.length, 0);
    for (const members of random.shuffle(groups)) {
      if (members.length > room) continue;
      room -= members.length;
      for (const row of members) held.add(row);
    }
  }
  const test = rows.filter((_, index) => held.has(index));
  if (test.length === 0 || test.length === rows.length) {
    throw new UserError(
      `${rows.length} rows cannot be divided by ${group} with ${testShare} of them for the test`,
      {
        hint: 'Give another --test-share, --group row, or a test file of your own.',
      },
    );
  }
  return { train: rows.filter((_, index) => !held.has(index)), test };
}
