import { UserError } from '../project/error.js';
import { goldLabels, LABELS, type Label } from '../tasks/example.js';
import type { RowFacts } from '../tasks/row.js';
import { type BootstrapOptions, type Interval, replicated, replicateIntervals } from './bootstrap.js';
import { asConfusion, outcomes } from './confusion.js';
import { linkedRows } from './evaluation.js';
import { accuracy, f1, macroF1, type Statistic } from './scores.js';
import { stacked, summing, tallyOf } from './tally.js';

/**
 * A score of a system that was trained several times. Two things make it uncertain: the training, whose seed draws the
 * rows and their order, and the sample of test rows.
 */
export interface SeedScore {
  /** Mean over the seeds. */
  readonly mean: number;
  readonly bySeed: readonly number[];
  /** Standard deviation of single trainings over the seeds, of n - 1; undefined of one seed. */
  readonly seedDeviation: number | undefined;
  /** Standard error of the mean for other test rows, by the bootstrap, the trained systems held fixed. */
  readonly samplingError: number;
  /** Of the mean over the seeds, for other test rows and these trained systems. It says nothing of other seeds. */
  readonly interval: Interval;
}

/** Scores of a system over seeds, shares in 0..1. */
export interface SeedScores {
  readonly n: number;
  readonly seeds: number;
  readonly accuracy: SeedScore;
  readonly macroF1: SeedScore;
  readonly f1: Readonly<Record<Label, SeedScore>>;
}

/**
 * Scores several trainings of one system on the same rows, which are drawn for all of them together: groups of
 * `linkedRows` whole, as in `evaluate`. With one training the scores and intervals are those of `evaluate`.
 *
 * @param predicted a list of predictions, in the order of `rows`, for each seed.
 * @throws UserError for no seed, or where rows and predictions differ in number.
 */
export function scoresOverSeeds(
  rows: readonly RowFacts[],
  predicted: readonly (readonly Label[])[],
  options: Omit<BootstrapOptions, 'clusters'> = {},
): SeedScores {
  if (predicted.length === 0) throw new UserError('no seed has predictions');
  const gold = goldLabels(rows);
  const codes = predicted.map((each) => outcomes(gold, each));
  const clusters = linkedRows(rows);
  const seeds = stacked(codes, 9, clusters);
  const tally = tallyOf(seeds.outcomes, seeds.width, seeds.clusters.keys);
  const sum = summing(tally);
  /** Every statistic of every seed: of the first seed all, then of the second ... */
  const bySeed = (drawn: Int32Array) => {
    const counts = sum(drawn);
    return codes.flatMap((_codes, seed) => {
      const confusion = asConfusion(counts.subarray(9 * seed, 9 * (seed + 1)));
      return STATISTICS.map((statistic) => statistic(confusion));
    });
  };
  const ofStatistic = (all: readonly number[], statistic: number) =>
    codes.map((_codes, seed) => all[seed * STATISTICS.length + statistic] ?? Number.NaN);
  const means = (drawn: Int32Array) => {
    const all = bySeed(drawn);
    return STATISTICS.map((_statistic, index) => mean(ofStatistic(all, index)));
  };

  const units = tally.kinds.length;
  const observed = bySeed(Int32Array.from({ length: units }, (_, unit) => unit));
  const estimates = replicated(units, means, { ...options, clusters });
  const intervals = replicateIntervals(estimates, units, means, { ...options, clusters });
  const score = (index: number): SeedScore => {
    const each = ofStatistic(observed, index);
    const interval = intervals[index];
    if (!interval) throw new Error('a statistic has no interval');
    return {
      mean: mean(each),
      bySeed: each,
      seedDeviation: each.length > 1 ? deviation(each) : undefined,
      samplingError: deviation([...(estimates[index] ?? [])]),
      interval,
    };
  };
  return {
    n: rows.length,
    seeds: codes.length,
    accuracy: score(0),
    macroF1: score(1),
    f1: { SUPPORT: score(2), CONTRADICT: score(3), NEI: score(4) },
  };
}

const STATISTICS: readonly Statistic[] = [
  accuracy,
  macroF1,
  ...LABELS.map(
    (label): Statistic =>
      (counts) =>
        f1(counts, label),
  ),
];

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

function deviation(numbers: readonly number[]): number {
  const centre = mean(numbers);
  return Math.sqrt(numbers.reduce((sum, each) => sum + (each - centre) ** 2, 0) / (numbers.length - 1));
}
