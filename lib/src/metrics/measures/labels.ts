import { type Measure, unfit } from '../measure.js';
import { f1Measures, type Items, indexOf } from './f1.js';

/** Measures of one label a row: accuracy, macro-F1, micro-F1 and the F1 of each label. */
export function labelMeasures(labels: readonly string[]): readonly Measure[] {
  const items = new Map<unknown, Items>(labels.map((label, index) => [label, new Map([[label, index]])]));
  const { exact, macro, micro, each } = f1Measures(labels, (label, place) => {
    const only = items.get(label);
    if (!only) throw unfit(place, label, `Give one of ${labels.join(', ')}.`);
    return only;
  });
  return [
    exact('accuracy', 'accuracy'),
    macro('macro-f1', 'macro-F1'),
    micro('micro-f1', 'micro-F1'),
    ...each,
  ];
}

/** Measures of a set of labels a row, none included: the share of sets that are right, F1 of each label, macro and micro. */
export function labelSetMeasures(labels: readonly string[]): readonly Measure[] {
  const index = indexOf(labels);
  const { exact, macro, micro, each } = f1Measures(labels, (set, place) => {
    if (!Array.isArray(set)) throw unfit(place, set, `Give a list of some of ${labels.join(', ')}.`);
    return new Map(set.map((label: unknown) => [String(label), index(label, place, set)]));
  });
  return [
    micro('micro-f1', 'micro-F1'),
    macro('macro-f1', 'macro-F1'),
    exact('exact-match', 'exact match'),
    ...each,
  ];
}
