import { aboveZero, studentP } from '../../metrics/distributions.js';
import { estimates, type Estimate as Scored } from '../../metrics/estimates.js';
import { labelMeasures } from '../../metrics/measures/labels.js';
import {
  type BootstrapOptions,
  freedomOf,
  intervals,
  methodFor,
  withWidth,
} from '../../metrics/resampling/bootstrap.js';
import { unitsOf } from '../../metrics/resampling/clusters.js';
import { jackknifeError } from '../../metrics/resampling/jackknife.js';
import { vectorsOf } from '../../metrics/resampling/vectors.js';
import { tooFew } from '../data.js';
import type { Estimate } from '../result.js';

export type { Scored };

/** Scores of predicted labels; shares in 0..1. */
export interface LabelScores {
  readonly n: number;
  readonly accuracy: Scored;
  readonly macroF1: Scored;
  /** F1 of each label. */
  readonly f1: readonly Scored[];
}

/**
 * Scores predictions, given like the gold labels as indices 0..classes-1, row by row. Intervals are made as those of all
 * scores (`methodFor`); none where clusters are too few (`tooFew`).
 */
export function labelScores(
  gold: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  options: BootstrapOptions = {},
): LabelScores {
  const labels = indexNames(classes);
  const { n, of } = estimates(labelMeasures(labels), named(gold), [named(predicted)], {
    method: methodFor(options.clusters),
    ...options,
  });
  const scored = (id: string) => toldBy(options, of(id));
  const f1 = labels.map((label) => scored(`f1-${label}`));
  return { n, accuracy: scored('accuracy'), macroF1: scored('macro-f1'), f1 };
}

/** Accuracy and macro-F1 of labels 0..classes-1. */
export const accuracyAndMacroF1 = (classes: number) =>
  labelMeasures(indexNames(classes)).filter(({ id }) => id === 'accuracy' || id === 'macro-f1');

/** Indices of labels as names. */
export const named = (indices: ArrayLike<number>): readonly string[] => Array.from(indices, String);

const indexNames = (classes: number) => Array.from({ length: classes }, (_, index) => String(index));

/**
 * Accuracy of one less that of another on the same rows, targets and predictions as indices of labels. Its p, of no gain and
 * one-sided, is by Student's t with the jackknife's error over rows or clusters; where these all gain alike, that of a sign test.
 */
export function accuracyGain(
  gold: Int32Array,
  ours: Int32Array,
  theirs: Int32Array,
  options: BootstrapOptions,
): Scored & { readonly p: number } {
  const right = (predicted: Int32Array, row: number) => Number(predicted[row] === gold[row]);
  const vectors = vectorsOf(gold.length, 2, (row, add) => {
    add(0);
    add(1, right(ours, row) - right(theirs, row));
  });
  const [found] = intervals(
    { vectors, of: ([rows = 0, gain = 0]) => [gain / rows] },
    { method: methodFor(options.clusters), ...options },
  );
  const number = accuracy(gold, ours) - accuracy(gold, theirs);
  const units = unitsOf(gold.length, options.clusters);
  const gains = units.map((rows) =>
    rows.reduce((sum, row) => sum + right(ours, row) - right(theirs, row), 0),
  );
  const all = gains.reduce((sum, each) => sum + each, 0);
  const error = jackknifeError(
    Float64Array.from(gains, (each, unit) => (all - each) / (gold.length - (units[unit]?.length ?? 0))),
  );
  return {
    ...toldBy(options, { number, ...(found && withWidth(found)) }),
    p: gainP(number, error, units.length, options.clusters),
  };
}

function gainP(gain: number, error: number, units: number, clusters: BootstrapOptions['clusters']): number {
  const same = error < 1e-12;
  if (units < 2 || (same && Math.abs(gain) < 1e-12)) return 1;
  const both = same ? 2 ** (1 - units) : studentP(gain / error, freedomOf(units, clusters));
  return gain > 0 ? aboveZero(both / 2) : 1 - both / 2;
}

/** A score without its interval where the clusters are too few for one. */
function toldBy({ clusters }: BootstrapOptions, scored: Scored): Scored {
  const few = clusters && tooFew(clusters);
  return few === undefined
    ? scored
    : { number: scored.number, note: `no interval, since there are ${few} groups` };
}

/** Share of rows whose prediction is the target. */
export function accuracy(gold: ArrayLike<number>, predicted: ArrayLike<number>): number {
  let right = 0;
  for (let row = 0; row < gold.length; row++) if (gold[row] === predicted[row]) right += 1;
  return gold.length === 0 ? 0 : right / gold.length;
}

/** A number and its interval, if it has one, as a result has them. */
export const estimateOf = ({ number, interval }: Scored): Estimate => ({
  value: rounded(number),
  ...(interval && { low: rounded(interval.low), high: rounded(interval.high) }),
});

/** Six decimals: more would say more of the machine than of the data. */
export const rounded = (number: number) => Number(number.toFixed(6));
