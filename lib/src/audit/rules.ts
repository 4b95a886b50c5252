import type { FactsRow } from '../datasets/facts.js';
import { majority } from '../learners/majority.js';
import { targetsOf } from '../learners/targets.js';
import { classAt, fitThresholds } from '../learners/threshold.js';
import { labelled } from '../tasks/row.js';

/** A classifier simple enough to be said in a sentence, which sees counts of a row and none of its words. */
export interface Rule<Label extends string = string> {
  /** The sentence, e.g. `by the number of text words: NO below 4.5, else YES`. */
  readonly saying: string;
  predict(row: FactsRow): Label;
}

/**
 * The commonest label of `train`, always; of equals, the first of `labels`.
 *
 * @throws UserError for no rows.
 *
 * @example
 * const { rows } = await buildFacts('pubmedqa/rows/train');
 * majorityRule(rows, ['yes', 'no', 'maybe']).saying; // -> 'yes, always'
 */
export function majorityRule<Label extends string>(
  train: readonly FactsRow[],
  labels: readonly Label[],
): Rule<Label> {
  const label = at(labels, majority(goldOf(train, labels), labels.length));
  return { saying: `${label}, always`, predict: () => label };
}

/** What a threshold rule looks at. */
export interface Feature {
  /** As in `by NAME: NO below 4.5, else YES`. */
  readonly name: string;
  of(row: FactsRow): number;
}

/**
 * The length of a text in words, as what a `thresholdRule` looks at.
 *
 * @example
 * const { rows } = await buildFacts('scifact/rationales/dev');
 * Math.min(...rows.map((row) => lengthOf('evidence').of(row))); // -> 0
 */
export const lengthOf = (field: string): Feature => ({
  name: `the number of ${field} words`,
  of: ({ words }) => words[field] ?? 0,
});

/**
 * The share of the first text's content words that are found in the second, 0..1, as what a `thresholdRule` looks at.
 *
 * @example
 * const { rows } = await buildFacts('scifact/rationales/dev');
 * Math.max(...rows.map((row) => overlapOf('claim', 'evidence').of(row))); // -> 1
 */
export const overlapOf = (first: string, second: string): Feature => ({
  name: `the share of the ${first}'s content words found in the ${second}`,
  of: ({ overlap }) => overlap,
});

/**
 * The rule of at most three parts of a feature's range that does best on `train` (`fitThresholds`).
 *
 * @throws UserError for no rows.
 *
 * @example
 * const { rows } = await buildFacts('pubmedqa/rows/train');
 * const rule = thresholdRule(rows, lengthOf('context'), ['yes', 'no', 'maybe']);
 * rule.saying; // -> 'by the number of context words: no below 174, maybe below 197, else yes'
 */
export function thresholdRule<Label extends string>(
  train: readonly FactsRow[],
  feature: Feature,
  labels: readonly Label[],
): Rule<Label> {
  const numbers = train.map((row) => feature.of(row));
  const parts = fitThresholds(numbers, goldOf(train, labels), labels.length);
  const named = parts.map(({ below, target }, index) =>
    index < parts.length - 1
      ? `${at(labels, target)} below ${Number(below.toPrecision(3))}`
      : `${index > 0 ? 'else ' : ''}${at(labels, target)}`,
  );
  return {
    saying: `by ${feature.name}: ${named.join(', ')}`,
    predict: (row) => at(labels, classAt(parts, feature.of(row))),
  };
}

/**
 * Each row's prediction by a rule, in the order of the rows: one seed's answers for `evaluate`.
 *
 * @example
 * const { rows } = await buildFacts('pubmedqa/rows/test');
 * const rule = majorityRule(rows, ['yes', 'no', 'maybe']);
 * follow(rule, rows.slice(0, 2)); // -> ['yes', 'yes']
 */
export const follow = <Label extends string>(rule: Rule<Label>, rows: readonly FactsRow[]): Label[] =>
  rows.map((row) => rule.predict(row));

const goldOf = (rows: readonly FactsRow[], labels: readonly string[]) =>
  targetsOf(
    labelled(rows).map(({ gold }) => gold),
    labels,
  );

function at<Label extends string>(labels: readonly Label[], index: number): Label {
  const label = labels[index];
  if (label === undefined) throw new Error(`there is no label ${index}`);
  return label;
}
