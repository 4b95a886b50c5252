import { normalForm } from '../../datasets/normal-form.js';
import { aboveZero, studentP, studentQuantile } from '../../metrics/distributions.js';
import { freedomOf } from '../../metrics/resampling/bootstrap.js';
import { type Clusters, effectiveClusters } from '../../metrics/resampling/clusters.js';
import { jackknife, jackknifeError } from '../../metrics/resampling/jackknife.js';
import { allUnits, sampleOf } from '../../metrics/resampling/summed.js';
import { vectorsOf } from '../../metrics/resampling/vectors.js';
import { type Row, textOf } from '../../tasks/row.js';
import { type AuditData, clustersAmong, LEAST_GROUPS, LEAST_WORTH } from '../data.js';
import type { Estimate } from '../result.js';
import { rounded } from './scores.js';

/** How often rows of test have the label of the training rows that they share a text or key with. */
export interface SignedLeak {
  /** A text, or a key such as documents. */
  readonly of: string;
  /** Rows of test that share it, in pairs with training rows, and the groups that these rows come in. */
  readonly rows: number;
  readonly pairs: number;
  readonly groups: number;
  /** How many groups of equal numbers of pairs these are worth (`effectiveClusters`). */
  readonly worth: number;
  /** Share of the pairs whose labels are equal, and what it would be with the labels of both sides dealt out anew; 0..1. */
  readonly agreement: Estimate;
  readonly chance: number;
  /** Agreement less chance: above 0 memory helps, below it misleads. */
  readonly excess: Estimate;
  /** Of no excess, two-sided; 1 where groups are too few, or worth too few, to test: then there are no intervals either. */
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
 * the labels of both sides in their shares among the pairs. Undefined where nothing is shared.
 *
 * Intervals of agreement and of its excess are each by Student's t with its own jackknife error over clusters and as many degrees of
 * freedom as these are worth by their pairs, less one; p is that of the excess. Where all pairs agree, or none does, the jackknife
 * sees no error: agreement then has the exact binomial bound of as many trials as the clusters are worth (Clopper and Pearson 1934;
 * Korn and Graubard 1998), its excess the same with the error of chance beside it (squares added, as Zou and Donner 2008), and p is
 * twice the chance that so many trials all come out so. Below `LEAST_GROUPS` clusters, or worth fewer than `LEAST_WORTH`, there is
 * none of it.
 *
 * @example
 * const rows = (golds: string[]) => golds.map((gold, id) => ({ id: `${id}`, gold, text: `${id % 2}` }));
 * const [train, test] = [rows(['no', 'yes']), rows(['yes', 'no', 'yes', 'no'])];
 * const clusters = { name: 'rows', keys: test.map(({ id }) => id) };
 * const found = labelAgreement({ of: 'text', train, test, labels: ['yes', 'no'], valuesOf: ({ text }) => [text], clusters });
 * [found?.pairs, found?.agreement.value, found?.chance]; // -> [4, 0, 0.5]
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
  const byPairs = { ...groups, keys: met.flatMap(({ key, others }) => others.map(() => key)) };
  const worth = effectiveClusters(byPairs);
  const told = {
    of,
    rows: met.length,
    pairs: byPairs.keys.length,
    groups: units,
    worth: rounded(worth),
    chance: rounded(chance),
  };
  if (units < LEAST_GROUPS || worth < LEAST_WORTH)
    return { ...told, agreement: { value: rounded(agreement) }, excess: { value: rounded(excess) }, p: 1 };
  const freedom = freedomOf(units, byPairs);
  const quantile = studentQuantile((1 + level) / 2, freedom);
  const errors = jackknife(sample).map(jackknifeError);
  const [ofExcess = 0, ofAgreement = 0, ofChance = 0] = errors.map((error) => quantile * error);
  const all = agreement === 1;
  if (all || agreement === 0) {
    const bound = 1 - ((1 - level) / 2) ** (1 / worth);
    const [down, up] = all ? [bound, 0] : [0, bound];
    return {
      ...told,
      agreement: about(agreement, down, up, [0, 1]),
      excess: about(excess, Math.hypot(down, ofChance), Math.hypot(up, ofChance), [-1, 1]),
      p: aboveZero(Math.min(1, 2 * (all ? chance : 1 - chance) ** worth)),
    };
  }
  const error = errors[0] ?? 0;
  return {
    ...told,
    agreement: about(agreement, ofAgreement, ofAgreement, [0, 1]),
    excess: about(excess, ofExcess, ofExcess, [-1, 1]),
    p: signedP(excess, error, { units, freedom }),
  };
}

/** By Student's t; where every cluster has the same agreement, that of a sign test. */
function signedP(excess: number, error: number, { units, freedom }: { units: number; freedom: number }) {
  if (Math.abs(excess) < 1e-12) return 1;
  return error < 1e-12 ? aboveZero(2 ** (1 - units)) : studentP(excess / error, freedom);
}

/** A number with its interval, within a range; without one that has no width. */
const about = (
  value: number,
  down: number,
  up: number,
  [least, most]: readonly [number, number],
): Estimate => ({
  value: rounded(value),
  ...(down + up > 1e-12 && {
    low: rounded(Math.max(least, value - down)),
    high: rounded(Math.min(most, value + up)),
  }),
});

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
