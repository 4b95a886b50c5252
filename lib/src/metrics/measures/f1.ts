import type { Gold } from '../../tasks/row.js';
import type { Answer } from '../../tasks/shape.js';
import { type Family, family, type Measure, type Place, unfit } from '../measure.js';

/** What an answer names, as keys with the index of the class of each: labels, typed spans, labels of words. */
export type Items = ReadonlyMap<string, number>;

/**
 * What an answer names.
 * @param gold of the same row.
 * @throws UserError (`unfit`) for what is no answer to such a task.
 */
export type ItemsOf = (value: Answer, place: Place, gold: Gold) => Items;

/**
 * What rows add, by component: themselves, those that are right as a whole; then, of each class, how often it is gold plus
 * how often it is answered, and how often it is rightly answered.
 */
const [ROWS, EXACT, CLASSES] = [0, 1, 2];
const [EITHER, HITS] = [0, 1];

/**
 * F1 of each class, its mean over classes (macro) and that of all of them pooled (micro), and the share of rows whose
 * answer is right as a whole (exact): all from how often each class is gold, answered, and both. F1 of what is neither
 * gold nor answered is 0, as scikit-learn's zero_division=0. A row without an answer has nothing right, and answers
 * nothing wrong: it lowers the recall of what is gold there, and is never right as a whole.
 *
 * @param classes in the order of every table.
 */
export function f1Measures(classes: readonly string[], itemsOf: ItemsOf) {
  const counts = countsOf(classes.length, itemsOf);
  const names = idsOf(classes);
  const measure =
    (of: Measure['of']) =>
    (id: string, title: string): Measure => ({
      ...{ id, title, format: 'percent', better: 'higher', family: counts },
      of,
    });
  const f1 = (sums: Float64Array, index: number) => {
    const at = CLASSES + 2 * index;
    return share(2 * (sums[at + HITS] ?? 0), sums[at + EITHER] ?? 0);
  };
  return {
    exact: measure((sums) => share(sums[EXACT] ?? 0, sums[ROWS] ?? 0)),
    macro: measure((sums) => {
      let sum = 0;
      for (let index = 0; index < classes.length; index++) sum += f1(sums, index);
      return sum / classes.length;
    }),
    micro: measure((sums) => {
      let [hits, either] = [0, 0];
      for (let at = CLASSES; at < sums.length; at += 2) {
        hits += sums[at + HITS] ?? 0;
        either += sums[at + EITHER] ?? 0;
      }
      return share(2 * hits, either);
    }),
    each: classes.map((label, index) => ({
      ...measure((sums) => f1(sums, index))(`f1-${names[index]}`, `F1 of ${label}`),
      label,
    })),
  };
}

function countsOf(classes: number, itemsOf: ItemsOf): Family {
  return family(CLASSES + 2 * classes, (add, gold, answer, row) => {
    const right = itemsOf(gold, { what: 'gold answer', row }, gold);
    const answered = answer === null ? undefined : itemsOf(answer, { what: 'answer', row }, gold);
    add(ROWS);
    if (answered?.size === right.size && [...right.keys()].every((key) => answered.has(key))) add(EXACT);
    for (const [key, index] of right) {
      add(CLASSES + 2 * index + EITHER);
      if (answered?.has(key)) add(CLASSES + 2 * index + HITS);
    }
    for (const index of answered?.values() ?? []) add(CLASSES + 2 * index + EITHER);
  });
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/** Names in kebab-case; the place of one that is then empty, or another's. */
function idsOf(names: readonly string[]): readonly string[] {
  const ids = names.map((name) =>
    name
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
      .replaceAll(/^-|-$/g, ''),
  );
  return ids.map((id, index) =>
    id === '' || ids.some((other, at) => other === id && at !== index) ? String(index + 1) : id,
  );
}

/** The index of each class by its name, and the error of one that is none of them. */
export function indexOf(classes: readonly string[]): (name: unknown, place: Place, value: unknown) => number {
  const known = new Map(classes.map((name, index) => [name, index]));
  return (name, place, value) => {
    const index = typeof name === 'string' ? known.get(name) : undefined;
    if (index === undefined) throw unfit(place, value, `Known are ${classes.join(', ')}.`);
    return index;
  };
}
