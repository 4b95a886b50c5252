import type { ScoredRow } from './probability.js';
import { type Clusters, unitsOf } from './resampling/clusters.js';

/** What is added to the log-probability of each label, in their order, before the label that has most is taken. */
type LabelOffsets = readonly number[];

/**
 * The offsets with which the labels that come first have a high macro-F1 on some rows: a threshold for each label, as a rule on
 * a count has. Each label's offset in turn is put, with the others held, where macro-F1 is highest, until none gains: no other
 * offset of one label alone does better. Where none does, offsets are 0.
 *
 * @example
 * const rows = [0.9, 0.7, 0.6].map((share, id) => ({ id: `${id}`, gold: id === 0 ? 'yes' : 'no', logprobs: [share, 1 - share].map(Math.log) }));
 * fitOffsets(rows, ['yes', 'no']).map((offset) => offset.toFixed(2)); // -> ['-1.52', '0.00']
 */
export function fitOffsets(rows: readonly ScoredRow[], labels: readonly string[]): LabelOffsets {
  let offsets: LabelOffsets = labels.map(() => 0);
  const golds = rows.map(({ gold }) => labels.indexOf(gold));
  let reached = macroF1(countsOf(rows, golds, offsets));
  for (let gained = true; gained; ) {
    gained = false;
    for (const label of labels.keys()) {
      const best = bestOffset(rows, golds, offsets, label);
      if (best.macroF1 <= reached + SLACK) continue;
      gained = true;
      reached = best.macroF1;
      offsets = offsets.with(label, best.offset);
    }
  }
  return offsets;
}

/**
 * The place of the label that comes first with these offsets, 0 where there is none; of equals the first.
 *
 * @example
 * labelWith([0.6, 0.4].map(Math.log), [0, 0.5]); // -> 1
 */
export function labelWith(logprobs: readonly number[], offsets: LabelOffsets): number {
  let best = 0;
  for (const label of logprobs.keys())
    if (at(logprobs, offsets, label) > at(logprobs, offsets, best)) best = label;
  return best;
}

/**
 * The labels that come first with offsets fitted on other rows: clusters are dealt into folds whole, the largest first to the
 * fold that has fewest rows, and each fold takes the offsets of the others. It needs labelled rows such as those to be answered,
 * and says what a system would score with a decision rule fitted on four fifths as many, where there are five folds.
 *
 * @example
 * const rows = [0.9, 0.7, 0.6, 0.8].map((share, id) => ({ id: `${id}`, gold: id % 3 ? 'no' : 'yes', logprobs: [share, 1 - share].map(Math.log) }));
 * crossFitted(rows, { name: 'rows', keys: ['a', 'b', 'c', 'd'] }, ['yes', 'no'], 2); // -> ['yes', 'no', 'no', 'yes']
 */
export function crossFitted(
  rows: readonly ScoredRow[],
  clusters: Clusters,
  labels: readonly string[],
  folds = 5,
): readonly string[] {
  const dealt = Array.from({ length: folds }, (): number[] => []);
  for (const unit of [...unitsOf(rows.length, clusters)].sort((a, b) => b.length - a.length)) {
    const smallest = dealt.reduce((one, other) => (other.length < one.length ? other : one));
    smallest.push(...unit);
  }
  const answers = new Map<number, string>();
  for (const fold of dealt) {
    const held = new Set(fold);
    const offsets = fitOffsets(
      rows.filter((_, row) => !held.has(row)),
      labels,
    );
    for (const row of fold) answers.set(row, labels[labelWith(rows[row]?.logprobs ?? [], offsets)] ?? '');
  }
  return rows.map((_, row) => answers.get(row) ?? '');
}

/** More than sums of a few shares lose to rounding. */
const SLACK = 1e-12;

const at = (logprobs: readonly number[], offsets: LabelOffsets, label: number) =>
  (logprobs[label] ?? Number.NaN) + (offsets[label] ?? 0);

/** By label: rows that have it, rows that were given it, and rows that are both. */
interface Counts {
  readonly gold: Int32Array;
  readonly given: Int32Array;
  readonly right: Int32Array;
}

function countsOf(rows: readonly ScoredRow[], golds: readonly number[], offsets: LabelOffsets): Counts {
  const counts = emptyCounts(offsets.length);
  for (const [row, { logprobs }] of rows.entries())
    add(counts, golds[row] ?? 0, labelWith(logprobs, offsets));
  for (const gold of golds) counts.gold[gold] = (counts.gold[gold] ?? 0) + 1;
  return counts;
}

/** The offset of one label at which macro-F1 is highest; of equals the lowest, midway between those at which a row changes. */
function bestOffset(
  rows: readonly ScoredRow[],
  golds: readonly number[],
  offsets: LabelOffsets,
  label: number,
) {
  const without = offsets.with(label, Number.NEGATIVE_INFINITY);
  const counts = countsOf(rows, golds, without);
  const changes = rows
    .map(({ logprobs }, row) => {
      const other = labelWith(logprobs, without);
      return {
        gold: golds[row] ?? 0,
        other,
        from: at(logprobs, offsets, other) - (logprobs[label] ?? Number.NaN),
      };
    })
    .sort((a, b) => a.from - b.from);
  let best = { offset: (changes[0]?.from ?? 0) - 1, macroF1: macroF1(counts) };
  for (const [index, { gold, other, from }] of changes.entries()) {
    add(counts, gold, other, -1);
    add(counts, gold, label);
    const next = changes[index + 1]?.from ?? from + 2;
    if (next === from) continue;
    const score = macroF1(counts);
    if (score > best.macroF1 + SLACK) best = { offset: (from + next) / 2, macroF1: score };
  }
  return best;
}

const emptyCounts = (labels: number): Counts => ({
  gold: new Int32Array(labels),
  given: new Int32Array(labels),
  right: new Int32Array(labels),
});

function add({ given, right }: Counts, gold: number, label: number, times = 1): void {
  given[label] = (given[label] ?? 0) + times;
  if (gold === label) right[label] = (right[label] ?? 0) + times;
}

/** Mean of F1 over labels; 0 for one that is neither given nor right. */
function macroF1({ gold, given, right }: Counts): number {
  const sum = right.reduce((all, hits, label) => {
    const rows = (gold[label] ?? 0) + (given[label] ?? 0);
    return all + (rows === 0 ? 0 : (2 * hits) / rows);
  }, 0);
  return sum / gold.length;
}
