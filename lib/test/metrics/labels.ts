import type { Measure } from 'small-claims/metrics/measure';
import { findMeasure } from 'small-claims/metrics/measures/measures';

/** The labels of a task that most tests are about. */
export const LABELS = ['SUPPORT', 'CONTRADICT', 'NEI'] as const;
export type Label = (typeof LABELS)[number];

/** Labels written as their initials, e.g. `SCN`. */
export function labels(initials: string): Label[] {
  return [...initials].map((initial) => {
    const label = LABELS.find((each) => each.startsWith(initial));
    if (!label) throw new Error(`no label begins with ${initial}`);
    return label;
  });
}

/** The gold labels of rows. */
export const goldLabels = (rows: readonly { readonly gold: unknown }[]): readonly Label[] =>
  rows.map(({ gold }) => {
    const label = LABELS.find((each) => each === gold);
    if (!label) throw new Error(`${String(gold)} is no label`);
    return label;
  });

const of = (id: string): Measure => findMeasure(id, { shape: 'one-of', labels: LABELS });
export const [accuracy, macroF1] = [of('accuracy'), of('macro-f1')];
export const f1Of = (label: Label): Measure => of(`f1-${label.toLowerCase()}`);
