import { normalForm } from '../../datasets/normal-form.js';
import { studentCdf, studentQuantile } from '../../metrics/distributions.js';
import type { Clusters } from '../../metrics/resampling/clusters.js';
import { jackknife, jackknifeError } from '../../metrics/resampling/jackknife.js';
import { allUnits, sampleOf } from '../../metrics/resampling/summed.js';
import { vectorsOf } from '../../metrics/resampling/vectors.js';
import { type Row, textOf } from '../../tasks/row.js';
import { type AuditData, clustersAmong, LEAST_GROUPS } from '../data.js';
import { rounded } from './scores.js';

/** How often rows of test have the label of the training rows that they share a text or key with. */
export interface SignedLeak {
  /** A text, or a key such as documents. */
  readonly of: string;
  /** Rows of test that share it, in pairs with training rows, and the groups that these rows come in. */
  readonly rows: number;
  readonly pairs: number;
  readonly groups: number;
  /** Share of the pairs whose labels are equal, and what it would be with the labels of both sides dealt out anew; 0..1. */
  readonly agreement: number;
  readonly chance: number;
  /** Agreement less chance, with its interval: above 0 memory helps, below it misleads. */
  readonly excess: { readonly value: number; readonly low: number; readonly high: number };
  /** Of no excess, two-sided, by Student's t over groups; 1 where there are too few. */
  readonly p: number;
}

/** Rows of two sides that may share values, such as a text or documents, and the labels of both. */
export interface Sharing<Row extends { readonly gold: unknown }> {
  /** What is shared, in words. */
  readonly of: string;
  readonly train: readonly Row[];
  readonly test: readonly Row[];
  readonly labels: readonly string[];
  readonly valuesOf: (row: Row) => readonly string[];
  /** Of the test rows, those that are not independent. */
  readonly clusters: Clusters;
  /** Default 0.95. */
  readonly level?: number;
}

/**
 * How often test rows have the label of the training rows that they share a value with, against chance: Cohen's (1960),
 * the labels of both sides in their shares among the pairs. The error is the jackknife's over clusters. Undefined where nothing
 * is shared.
 *
 * @example
 * const rows = (golds: string[]) => golds.map((gold, id) => ({ id: `${id}`, gold, text: `${id % 2}` }));
 * const [train, test] = [rows(['no', 'yes']), rows(['yes', 'no', 'yes', 'no'])];
 * const clusters = { name: 'rows', keys: test.map(({ id }) => id) };
 * const found = labelAgreement({ of: 'text', train, test, labels: ['yes', 'no'], valuesOf: ({ text }) => [text], clusters });
 * [found?.pairs, found?.agreement, found?.chance]; // -> [4, 0, 0.5]
 */
export function labelAgreement<Row extends { readonly gold: unknown }>({
  of,
  train,
  test,
  labels,
  valuesOf,
  clusters,
  level = 0.95,
}: Sharing<Row>): SignedLeak | undefined {
  const labelOf = (row: Row | undefined) => labels.indexOf(String(row?.gold));
  const partners = new Map<string, Row[]>();
  for (const row of train) {
    for (const value of valuesOf(row)) {
      const known = partners.get(value);
      if (known) known.push(row);
      else partners.set(value, [row]);
    }
  }
  const met = test.flatMap((row, index) => {
    const others = [...new Set(valuesOf(row).flatMap((value) => partners.get(value) ?? []))];
    return others.length === 0 ? [] : [{ row, others, key: clusters.keys[index] ?? '' }];
  });
  if (met.length === 0) return undefined;
  const [own, theirs] = [2, 2 + labels.length];
  const vectors = vectorsOf(met.length, 2 + 2 * labels.length, (index, add) => {
    const { row, others } = met[index] ?? { others: [] };
    for (const other of others) {
      add(0);
      if (labelOf(other) === labelOf(row)) add(1);
      add(own + labelOf(row));
      add(theirs + labelOf(other));
    }
  });
  const score = (sums: Float64Array) => {
    const pairs = sums[0] ?? 0;
    if (pairs === 0) return [0, 0, 0];
    const together = labels.map((_, label) => (sums[own + label] ?? 0) * (sums[theirs + label] ?? 0));
    const chance = together.reduce((sum, each) => sum + each, 0) / pairs ** 2;
    const agreement = (sums[1] ?? 0) / pairs;
    return [agreement - chance, agreement, chance];
  };
  const groups = { name: clusters.name, keys: met.map(({ key }) => key) };
  const sample = sampleOf({ vectors, of: score }, groups);
  const [excess = 0, agreement = 0, chance = 0] = sample.of(allUnits(sample));
  const { units } = sample;
  const error = units < 2 ? Number.NaN : jackknifeError(jackknife(sample)[0] ?? new Float64Array(0));
  const tested = units >= LEAST_GROUPS && error > 0;
  const reach = tested ? studentQuantile((1 + level) / 2, units - 1) * error : 1;
  return {
    of,
    rows: met.length,
    pairs: met.reduce((sum, { others }) => sum + others.length, 0),
    groups: units,
    agreement: rounded(agreement),
    chance: rounded(chance),
    excess: {
      value: rounded(excess),
      low: rounded(Math.max(-1, excess - reach)),
      high: rounded(Math.min(1, excess + reach)),
    },
    p: tested ? 2 * (1 - studentCdf(Math.abs(excess) / error, units - 1)) : 1,
  };
}

/**
 * The signed leaks of texts and keys: that test rows share something with training rows inflates a score where their labels
 * agree more than by chance, deflates it where they agree less, as where a set holds each claim and its negation, and does
 * neither where labels are as they fall. What is not shared at all is left out.
 */
export function signedLeaks(
  { fields, labels, train, test }: Pick<AuditData, 'fields' | 'labels' | 'train' | 'test'>,
  keys: readonly string[],
  level: number,
): readonly SignedLeak[] {
  const sides = { train, test, labels, level, clusters: clustersAmong(test, fields) };
  const byText = (field: string) => (row: Row) => [normalForm(textOf(row, field))].filter(Boolean);
  return [
    ...fields.map((field) => labelAgreement({ ...sides, of: field, valuesOf: byText(field) })),
    ...keys.map((key) =>
      labelAgreement({ ...sides, of: `key ${key}`, valuesOf: ({ keys: own }) => own[key] ?? [] }),
    ),
  ].flatMap((each) => each ?? []);
}
