import { type Grouping, groupsOf, type LinkedRow, linkedByText } from '../datasets/group.js';
import { normalForm } from '../datasets/normal-form.js';
import { split } from '../datasets/split.js';
import { UserError } from '../project/error.js';
import { type Gold, type Row, textOf } from '../tasks/row.js';
import { visitNearDuplicates } from './measures/near-duplicate.js';

export interface DivisionOptions {
  /** The texts that are audited. */
  readonly fields: readonly string[];
  /**
   * What may not be on both sides: a text or key, such as `claim`, by its id or its text in normal form; `all` of them; or
   * no more than the same texts throughout (`row`). Default: all; where that leaves too few groups the first field.
   */
  readonly group?: Grouping;
  /** Share of the rows for the test, in 0..1. Default 0.2. */
  readonly testShare?: number;
  /** Of rows with sets of labels: the one whose share is kept. */
  readonly target?: string;
  /** Default 0. */
  readonly seed?: number;
}

/** Rows divided in two, and what was not to be on both sides. */
export interface Divided<Audited> {
  readonly train: readonly Audited[];
  readonly test: readonly Audited[];
  readonly group: Grouping;
  /** What a reader should know of it, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Divides rows into some to learn from and some to try on, about `testShare` of each label (of numbers, of all). What an
 * audit takes for the same text, or nearly the same, is never on both sides of what rows are divided by; but where near
 * ones link most rows, they may be, and `notes` says so. Told no `group`, whatever rows share stays on one side: their keys
 * and texts, also through other rows. Where most rows are one group then, too few are held out, or training lacks a label,
 * they are divided by the first field alone, and `notes` says so.
 *
 * @throws UserError for a group that rows do not have, or where no row would be on one side.
 *
 * @example
 * const rows = Array.from({ length: 10 }, (_, row) => {
 *   return { id: `${row}`, gold: 'yes', keys: {}, texts: { claim: `claim ${row % 5}`, evidence: `text ${row}` } };
 * });
 * const { train, test } = divide(rows, { fields: ['claim', 'evidence'] });
 * [train.length, test.length]; // -> [8, 2]
 */
export function divide<Audited extends Row>(
  rows: readonly Audited[],
  { fields, group, testShare = 0.2, target, seed = 0 }: DivisionOptions,
): Divided<Audited> {
  const by = (some: Grouping) => dividedBy(rows, some, { fields, testShare, seed, target });
  if (group !== undefined) return by(group);
  const whole = groupsOf(linkedByText(rows, fields), 'all');
  const largest = Math.max(...whole.map(({ length }) => length));
  const apart = largest > MOST * rows.length ? undefined : attempt(() => by('all'));
  const classes = (some: readonly Row[]) => new Set(some.map(({ gold }) => classOf(gold, target))).size;
  const complete = apart !== undefined && classes(apart.train) === classes(rows);
  if (complete && 2 * apart.test.length >= testShare * rows.length) return apart;
  const first = apart ? (attempt(() => by(fields[0] ?? 'row')) ?? apart) : by(fields[0] ?? 'row');
  const enough = apart !== undefined && 2 * apart.test.length >= first.test.length;
  if (enough && classes(apart.train) >= classes(first.train)) return apart;
  const groups = `${whole.length.toLocaleString('en')} ${whole.length === 1 ? 'group' : 'groups'}`;
  const note = `Rows that share a text or key, also through others, form ${groups}, the largest of ${largest.toLocaleString('en')} of ${rows.length.toLocaleString('en')} rows: ${enough ? 'training would lack a label' : 'too few to divide'}, so that only ${first.group === 'row' ? 'equal rows are' : `the ${first.group} is`} kept on one side.`;
  return { ...first, notes: [note, ...first.notes] };
}

/** What can be made; undefined where a user would be told why not. */
function attempt<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function dividedBy<Audited extends Row>(
  rows: readonly Audited[],
  group: Grouping,
  {
    fields,
    testShare,
    seed,
    target,
  }: Required<Pick<DivisionOptions, 'fields' | 'testShare' | 'seed'>> & {
    readonly target: string | undefined;
  },
): Divided<Audited> {
  const linked = linkedByText(rows, fields);
  const known = ['row', 'all', ...new Set(linked.flatMap(({ keys }) => Object.keys(keys)))];
  if (!known.includes(group)) {
    throw new UserError(`rows cannot be divided by "${group}"`, { hint: `Known: ${known.join(', ')}.` });
  }
  const near = nearlyLinked(rows, linked, fields, group);
  const most = (some: readonly LinkedRow[]) =>
    Math.max(0, ...groupsOf(some, group).map(({ length }) => length)) / rows.length;
  const [apart, notes] =
    most(near) > MOST && most(linked) <= MOST
      ? [
          linked,
          ['Rows of nearly the same texts may be on both sides: kept together, most rows would be one.'],
        ]
      : [near, []];
  const { train, held } = split(
    rows.flatMap((row, index) => {
      const links = apart[index];
      return links ? [{ row, ...links, gold: row.gold }] : [];
    }),
    { heldShare: testShare, group, seed, stratify: { strata: [], stratum: (gold) => classOf(gold, target) } },
  );
  return { train: train.map(({ row }) => row), test: held.map(({ row }) => row), group, notes };
}

/** A group of more than this share of the rows leaves nothing to divide. */
const MOST = 1 / 2;

/** Rows linked by near duplicates too, of all their texts together or of those that they are divided by. */
function nearlyLinked(
  rows: readonly Row[],
  linked: readonly LinkedRow[],
  fields: readonly string[],
  group: Grouping,
): readonly LinkedRow[] {
  const compared = [
    fields,
    ...(group === 'all' ? fields : [group]).filter((field) => fields.includes(field)).map((field) => [field]),
  ];
  const near: string[][] = rows.map(() => []);
  for (const [which, some] of compared.entries()) {
    const texts = rows.map((row) => normalForm(some.map((field) => textOf(row, field)).join('\n')));
    visitNearDuplicates(texts, {}, ({ a, b }) => {
      for (const index of [a, b]) near[index]?.push(`${which} ${a} ${b}`);
    });
  }
  const key = group === 'all' ? (fields[0] ?? '') : group;
  // Of equal texts one alone is compared: rows that have them throughout are one row, whatever they are divided by.
  const links = linked.map(({ id, keys }, index) => ({
    id,
    keys: { ...keys, near: [id, ...(near[index] ?? [])] },
  }));
  return groupsOf(links, 'near')
    .flatMap((members) => {
      const [first = 0] = members;
      return members.map((index): readonly [number, LinkedRow] => {
        const { id = '', keys = {} } = linked[index] ?? {};
        const together =
          group === 'row'
            ? { id: linked[first]?.id ?? id, keys }
            : { id, keys: { ...keys, [key]: [...(keys[key] ?? []), `near ${first}`] } };
        return [index, members.length > 1 ? together : { id, keys }];
      });
    })
    .sort(([a], [b]) => a - b)
    .map(([, row]) => row);
}

/** The class of a gold answer whose share is kept. */
function classOf(gold: Gold, target: string | undefined): string {
  if (typeof gold === 'string') return gold;
  return Array.isArray(gold) && gold.some((each) => each === target) ? (target ?? '') : '';
}
