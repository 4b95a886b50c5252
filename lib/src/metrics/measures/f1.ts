import { f1Ids } from '../../tasks/measure-ids.js';
import type { Answer } from '../../tasks/shape.js';
import { type Family, family, type Measure, type Place, type Reference, unfit } from '../measure.js';

/** What an answer names, as keys with the index of the class of each: labels, typed spans, labels of words. */
export type Items = ReadonlyMap<string, number>;

/**
 * What an answer names.
 * @param gold of the same row.
 * @throws UserError (`unfit`) for what is no answer to such a task.
 */
export type ItemsOf = (value: Answer | Reference, place: Place, gold: Reference) => Items;

/**
 * F1 of each class, its mean over classes (macro) or over those that are gold or answered somewhere (macroOfNamed), that
 * of all of them pooled (micro), and the share of rows whose answer is right as a whole (exact). In the macro mean a class
 * that is neither gold nor answered counts as 0, as with labels=classes and zero_division=0 of scikit-learn, also in a draw
 * of rows that happens to lack it: of rare classes that makes intervals reach low. By itself its F1 is 0 / 0 and not
 * defined; nor is any mean or pool where no class is gold or answered. A row without an answer has nothing right, and
 * answers nothing wrong: it lowers the recall of what is gold there, and is never right as a whole.
 *
 * @param classes in the order of every table.
 */
export function f1Measures(classes: readonly string[], itemsOf: ItemsOf) {
  const ids = f1Ids(classes);
  const measure =
    (of: Family, score: Measure['of'], undefinedWhere?: string) => (id: string, title: string) => ({
      ...({ id, title, format: 'percent', better: 'higher', family: of } satisfies Omit<Measure, 'of'>),
      ...(undefinedWhere !== undefined && { undefinedWhere }),
      of: score,
    });
  const exact = measure(exactRows(itemsOf), ([rows = 0, right = 0]) => right / rows);
  const counts = classCounts(classes.length, itemsOf);
  /** NaN of a class that is neither gold nor answered. */
  const f1 = (sums: Float64Array, index: number) =>
    (2 * (sums[2 * index + HITS] ?? 0)) / (sums[2 * index + EITHER] ?? 0);
  const macro = (sums: Float64Array) => {
    let [sum, named] = [0, 0];
    for (let index = 0; index < classes.length; index++) {
      const score = f1(sums, index);
      if (Number.isNaN(score)) continue;
      sum += score;
      named += 1;
    }
    return named === 0 ? Number.NaN : sum / classes.length;
  };
  /** Over the classes that all rows at hand name; NaN of a multiset of them that does not name one of these. */
  const macroOfNamed = (sums: Float64Array, whole: Float64Array) => {
    let [sum, named] = [0, 0];
    for (let index = 0; index < classes.length; index++) {
      if (!whole[2 * index + EITHER]) continue;
      sum += f1(sums, index);
      named += 1;
    }
    return sum / named;
  };
  const nothing = 'nothing is named, gold or answered';
  return {
    exact: (id: string, title: string) => ({ ...exact(id, title), overRows: 'right' as const }),
    macro: measure(counts, macro, nothing),
    macroOfNamed: measure(counts, macroOfNamed, 'nothing of a type is named, gold or answered'),
    micro: measure(
      counts,
      (sums) => {
        let [hits, either] = [0, 0];
        for (let index = 0; index < classes.length; index++) {
          hits += sums[2 * index + HITS] ?? 0;
          either += sums[2 * index + EITHER] ?? 0;
        }
        return (2 * hits) / either;
      },
      nothing,
    ),
    each: classes.map((label, index) => ({
      ...measure(
        counts,
        (sums) => f1(sums, index),
        `${label} is neither gold nor answered`,
      )(ids[index] ?? '', `F1 of ${label}`),
      label,
    })),
  };
}

/** Of each class how often it is gold plus how often it is answered, and how often it is rightly answered. */
const [EITHER, HITS] = [0, 1];

function classCounts(classes: number, itemsOf: ItemsOf): Family {
  return family(2 * classes, (add, gold, answer, row) => {
    const { right, answered } = itemsIn(itemsOf, gold, answer, row);
    for (const [key, index] of right) {
      add(2 * index + EITHER);
      if (answered?.has(key)) add(2 * index + HITS);
    }
    for (const index of answered?.values() ?? []) add(2 * index + EITHER);
  });
}

/** Rows, and those that are right as a whole. */
function exactRows(itemsOf: ItemsOf): Family {
  return family(2, (add, gold, answer, row) => {
    const { right, answered } = itemsIn(itemsOf, gold, answer, row);
    add(0);
    if (answered?.size === right.size && [...right.keys()].every((key) => answered.has(key))) add(1);
  });
}

const itemsIn = (itemsOf: ItemsOf, gold: Reference, answer: Answer | null, row: number) => ({
  right: itemsOf(gold, { what: 'gold answer', row }, gold),
  answered: answer === null ? undefined : itemsOf(answer, { what: 'answer', row }, gold),
});

/** The index of each class by its name, and the error of one that is none of them. */
export function indexOf(classes: readonly string[]): (name: unknown, place: Place, value: unknown) => number {
  const known = new Map(classes.map((name, index) => [name, index]));
  return (name, place, value) => {
    const index = typeof name === 'string' ? known.get(name) : undefined;
    if (index === undefined) throw unfit(place, value, `Known are ${classes.join(', ')}.`);
    return index;
  };
}
