import { labelled, type RowFacts } from './row.js';

/** The three labels of claim verification, in the order every table and confusion matrix uses. */
export const LABELS = ['SUPPORT', 'CONTRADICT', 'NEI'] as const;
export type Label = (typeof LABELS)[number];

/** The gold labels of rows. */
export const goldLabels = (rows: readonly RowFacts[]): readonly Label[] =>
  labelled(rows).map(({ gold }) => LABELS.find((label) => label === gold) ?? 'NEI');
