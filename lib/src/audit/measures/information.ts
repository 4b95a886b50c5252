import { countsOf, targetsOf } from '../../learners/targets.js';
import { textClassifierPath } from '../../learners/text-classifier.js';
import { quantile } from '../../metrics/resampling/quantile.js';
import { randomStream } from '../../project/random.js';
import { type AuditData, clustersAmong, goldOf, type Input, readBy, textsOf } from '../data.js';
import type { AuditResult } from '../result.js';
import type { LabelledRow } from '../rows.js';
import { AUDIT_SETTINGS, fitAuditClassifier, inputsOf } from './partial-inputs.js';
import { rounded } from './scores.js';

/** How much a model learns of the labels of rows from what it reads. */
export interface Information {
  /** What was read, and by what: `claim`, or the name of a model. */
  readonly input: string;
  /** V-information, in bits a row: the mean of the rows'. */
  readonly bits: number;
  readonly labels: readonly { readonly label: string; readonly rows: number; readonly bits: number }[];
  /** Pointwise V-information of each row, in bits, in the order of the rows. */
  readonly rows: readonly InformationRow[];
  /** Rows left out because no training row has their label: it is infinitely surprising with and without the input. */
  readonly leftOut: number;
}

interface InformationRow {
  readonly id: string;
  readonly label: string;
  readonly bits: number;
}

/**
 * Each label's share of the gold labels of training: what a model knows that reads nothing.
 *
 * @example
 * labelPrior(['yes', 'no', 'no', 'no'], ['yes', 'no']); // -> [0.25, 0.75]
 */
export const labelPrior = (golds: readonly string[], labels: readonly string[]): Float64Array =>
  Float64Array.from(countsOf(targetsOf(golds, labels), labels.length), (count) => count / golds.length);

/**
 * Pointwise V-information (Ethayarajh, Choi and Swayamdipta 2022, definition 4): PVI(x -> y) = -log2 g(y) + log2 g'(y | x),
 * g' a model that reads x and g one that reads nothing, here the label's share of the training rows. Negative where the
 * model would rather not have read the row: its label is not what such rows have. The mean over rows held out is an
 * estimate of the V-information from x to the label (Xu et al. 2020).
 *
 * @param logprobs natural log-probabilities of the labels in each row, as of a classifier or a record of a language
 *   model, those of row 0 first. They must come from a model that did not learn from these rows.
 *
 * @example
 * const labels = ['yes', 'no'];
 * const prior = labelPrior(['yes', 'no', 'no', 'no'], labels);
 * const logprobs = [0.5, 0.5, 0.25, 0.75].map(Math.log);
 * informationOf('claim', [{ id: 'a', gold: 'yes' }, { id: 'b', gold: 'no' }], logprobs, { labels, prior }).bits; // -> 0.5
 */
export function informationOf(
  input: string,
  rows: readonly Pick<LabelledRow, 'id' | 'gold'>[],
  logprobs: ArrayLike<number>,
  { labels, prior }: { readonly labels: readonly string[]; readonly prior: Float64Array },
): Information {
  const targets = targetsOf(
    rows.map(({ gold }) => gold),
    labels,
  );
  const known = rows.flatMap(({ id, gold: label }, row): InformationRow[] => {
    const target = targets[row] ?? 0;
    const share = prior[target] ?? 0;
    if (share === 0) return [];
    const logprob = logprobs[row * labels.length + target] ?? Number.NaN;
    return [{ id, label, bits: logprob / Math.LN2 - Math.log2(share) }];
  });
  return {
    input,
    bits: mean(known),
    labels: labels.map((label) => {
      const of = known.filter((row) => row.label === label);
      return { label, rows: of.length, bits: mean(of) };
    }),
    rows: known,
    leftOut: rows.length - known.length,
  };
}

/**
 * The rows with the most negative information, the lowest first: mislabelled, or unlike the rows of their label.
 * @internal
 */
export function leastInformative({ rows }: Information, count: number): readonly InformationRow[] {
  return rows
    .filter(({ bits }) => bits < 0)
    .sort((a, b) => a.bits - b.bits || (a.id < b.id ? -1 : 1))
    .slice(0, count);
}

/**
 * V-information of the test rows from classifiers of `input` fitted on train. The classes are not balanced, as the
 * shares they are held against are not, and unless given the penalty is the one, of four, that leaves held-out
 * training rows the least surprising: a model that is too sure of itself would seem to know less than nothing.
 *
 * @internal
 */
export function bagInformation(
  input: Input,
  data: AuditData,
  { strength, seed = 0 }: { readonly strength?: number; readonly seed?: number } = {},
): Information & { readonly strength: number } {
  const { fields, labels, train, test } = data;
  const chosen = strength ?? calmestStrength(input, data, seed);
  const model = fitAuditClassifier(input, data, { strength: chosen, balanced: false });
  const logprobs = model.logprobs(textsOf(test, readBy(input, fields)));
  return {
    ...informationOf(input, test, logprobs, { labels, prior: priorOf(train, labels) }),
    strength: chosen,
  };
}

const priorOf = (train: readonly LabelledRow[], labels: readonly string[]) =>
  labelPrior(
    train.map(({ gold }) => gold),
    labels,
  );

const STRENGTHS = [0.05, 0.5, 5, 50] as const;

/** Tolerance of the fits that a penalty is chosen by; the model of the chosen one is fitted to the usual one. */
const ENOUGH = 0.01;

/** Training rows that the penalty is chosen on, at most. */
const MOST_ROWS = 5000;

/**
 * Of the penalties, from strong to weak, the last one before a fifth of the rows, held out with all that is linked to
 * them, gets no less surprising.
 */
function calmestStrength(
  input: Input,
  { fields, labels, train }: Pick<AuditData, 'fields' | 'labels' | 'train'>,
  seed: number,
): number {
  const random = randomStream('strength of information', seed);
  const some = random.shuffle(train).slice(0, MOST_ROWS);
  const { keys } = clustersAmong(some, fields);
  const held = new Set<string>();
  let count = 0;
  const sizes = new Map<string, number>();
  for (const key of keys) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  for (const key of random.shuffle([...sizes.keys()])) {
    if (count >= some.length / 5) break;
    held.add(key);
    count += sizes.get(key) ?? 0;
  }
  const fit = some.filter((_row, index) => !held.has(keys[index] ?? ''));
  const rest = some.filter((_row, index) => held.has(keys[index] ?? ''));
  // Too few rows for a choice: the strongest penalty claims the least.
  if (new Set(fit.map(({ gold }) => gold)).size < 2 || rest.length === 0) return STRENGTHS[0];
  const prior = priorOf(fit, labels);
  const [texts, tried] = [fit, rest].map((rows) => textsOf(rows, readBy(input, fields)));
  const settings = { ...AUDIT_SETTINGS, balanced: false, tolerance: ENOUGH };
  let best: { readonly strength: number; readonly bits: number } | undefined;
  const path = textClassifierPath(texts ?? [], goldOf(fit, labels), labels.length, STRENGTHS, settings);
  for (const model of path) {
    const { bits } = informationOf(input, rest, model.logprobs(tried ?? []), { labels, prior });
    // The weaker the penalty the slower the fit; past the best one, more of it only overfits.
    if (best && bits <= best.bits) break;
    best = { strength: model.strength, bits };
  }
  return best?.strength ?? STRENGTHS[0];
}

const mean = (rows: readonly InformationRow[]) =>
  rows.length === 0 ? 0 : rows.reduce((sum, { bits }) => sum + bits, 0) / rows.length;

/** Rows listed for each input as the least informative. */
const LISTED = 20;

const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** Pointwise V-information of the test rows for bags of words of each input, as a result has it. */
export function measuredInformation(data: AuditData, seed: number): AuditResult['information'] {
  return inputsOf(data.fields).map((input) => {
    const found = bagInformation(input, data, { seed });
    const quantilesOf = (label: string) => {
      const bits = Float64Array.from(
        found.rows.filter((row) => row.label === label),
        (row) => row.bits,
      ).sort();
      return QUANTILES.map((q) => rounded(quantile(bits, q)));
    };
    return {
      input,
      bits: rounded(found.bits),
      labels: Object.fromEntries(
        found.labels
          .filter(({ rows }) => rows > 0)
          .map(({ label, rows }) => [label, { rows, quantiles: quantilesOf(label) }]),
      ),
      lowest: leastInformative(found, LISTED).map((row) => ({ ...row, bits: rounded(row.bits) })),
    };
  });
}
