import { UserError } from '../project/error.js';
import { mostProbable } from './answers.js';
import type { ScoredRow } from './probability.js';

/** A prediction, as far as calibration goes. */
export interface Confident {
  /** Probability of the predicted label, 0..1. */
  readonly confidence: number;
  readonly right: boolean;
}

/** A bin of a reliability diagram: what was claimed of its rows, and what came true. */
export interface ReliabilityBin {
  /** Confidences in the bin lie above `low`, up to and with `high`. */
  readonly low: number;
  readonly high: number;
  readonly rows: number;
  /** Mean confidence of its rows. */
  readonly confidence: number;
  /** Share of its rows that are right. */
  readonly accuracy: number;
}

export interface BinOptions {
  /** Default 15. */
  readonly bins?: number;
  /** `width`, the default, cuts 0..1 in equal parts; `mass` the rows, in parts as equal as equal confidences allow. */
  readonly equal?: 'width' | 'mass';
}

/**
 * Each row's predicted label's probability, and whether it is right.
 *
 * @example
 * const rows = [{ id: 'a', gold: 'yes', logprobs: [Math.log(0.8), Math.log(0.2)] }];
 * confidences(rows, ['yes', 'no']); // -> [{ confidence: 0.8, right: true }]
 */
export function confidences(rows: readonly ScoredRow[], labels: readonly string[]): Confident[] {
  return rows.map(({ gold, logprobs }) => {
    const predicted = mostProbable(logprobs, labels);
    return {
      confidence: Math.exp(logprobs[labels.indexOf(predicted)] ?? Number.NaN),
      right: predicted === gold,
    };
  });
}

/**
 * The data of a reliability diagram (DeGroot and Fienberg 1983; Guo et al. 2017, section 2): bins that hold a row, the
 * lowest first.
 *
 * @throws UserError for no rows, a confidence outside 0..1 and a number of bins that is not whole and
 * above 0.
 *
 * @example
 * const rows = [true, true, false, true].map((right) => ({ confidence: 0.9, right }));
 * reliability(rows, { bins: 10 }); // -> [{ low: 0.8, high: 0.9, rows: 4, confidence: 0.9, accuracy: 0.75 }]
 */
export function reliability(rows: readonly Confident[], options: BinOptions = {}): ReliabilityBin[] {
  const { bins = 15, equal = 'width' } = options;
  if (rows.length === 0) throw new UserError('no rows to score');
  if (!(Number.isInteger(bins) && bins > 0)) throw new UserError(`bins is ${bins}`);
  const wrong = rows.find(({ confidence }) => !(confidence >= 0 && confidence <= 1 + 1e-9));
  if (wrong) throw new UserError(`a confidence is ${wrong.confidence}`, { hint: 'It lies in 0..1.' });
  const ascending = rows.toSorted((a, b) => a.confidence - b.confidence);
  const edges = equal === 'width' ? equalWidths(bins) : equalMasses(ascending, bins);
  const found: ReliabilityBin[] = [];
  let next = 0;
  for (const [index, edge] of edges.entries()) {
    const high = index === edges.length - 1 ? Number.POSITIVE_INFINITY : edge;
    const first = next;
    while (next < ascending.length && (ascending[next]?.confidence ?? 0) <= high) next += 1;
    const held = ascending.slice(first, next);
    if (held.length === 0) continue;
    found.push({
      low: edges[index - 1] ?? 0,
      high: edge,
      rows: held.length,
      confidence: held.reduce((sum, { confidence }) => sum + confidence, 0) / held.length,
      accuracy: held.filter(({ right }) => right).length / held.length,
    });
  }
  return found;
}

/**
 * Expected calibration error of the predicted label (Naeini et al. 2015; Guo et al. 2017, eq. 3), 0..1: the distance of
 * accuracy from confidence, averaged over bins by their rows. It is biased upwards where bins hold few rows.
 *
 * @example
 * const rows = [true, true, false, true].map((right) => ({ confidence: 0.9, right }));
 * calibrationError(rows); // -> 0.15
 */
export function calibrationError(rows: readonly Confident[], options?: BinOptions): number {
  return reliability(rows, options).reduce(
    (sum, bin) => sum + (bin.rows / rows.length) * Math.abs(bin.accuracy - bin.confidence),
    0,
  );
}

/**
 * Root mean square calibration error, debiased (Kumar, Liang and Ma 2019, definition 5.2): from each bin's squared
 * distance the variance of its accuracy, a (1 - a) / (rows - 1), is taken off; a bin of one row counts as 0, and what
 * comes out below 0 as 0. Bins are of equal mass by default, as there. Roelofs et al. (2022) find it among the least
 * biased.
 *
 * @example
 * const rows = [true, true, false, true].map((right) => ({ confidence: 0.9, right }));
 * debiasedCalibrationError(rows); // -> 0
 */
export function debiasedCalibrationError(rows: readonly Confident[], options?: BinOptions): number {
  const square = reliability(rows, { equal: 'mass', ...options }).reduce((sum, bin) => {
    if (bin.rows < 2) return sum;
    const variance = (bin.accuracy * (1 - bin.accuracy)) / (bin.rows - 1);
    return sum + (bin.rows / rows.length) * ((bin.accuracy - bin.confidence) ** 2 - variance);
  }, 0);
  return Math.sqrt(Math.max(square, 0));
}

const equalWidths = (bins: number) => Array.from({ length: bins }, (_, index) => (index + 1) / bins);

/** Upper edges half way between neighbours, so that equal confidences share a bin; the first bins get the odd rows. */
function equalMasses(ascending: readonly Confident[], wanted: number): number[] {
  const bins = Math.min(wanted, ascending.length);
  const [size, odd] = [Math.floor(ascending.length / bins), ascending.length % bins];
  const edges = new Set<number>();
  for (let bin = 1; bin < bins; bin++) {
    const first = bin * size + Math.min(bin, odd);
    edges.add(((ascending[first - 1]?.confidence ?? 0) + (ascending[first]?.confidence ?? 1)) / 2);
  }
  return [...edges.add(1)].sort((a, b) => a - b);
}
