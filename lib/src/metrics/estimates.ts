import { UserError } from '../project/error.js';
import type { Gold } from '../tasks/row.js';
import { type Answers, type Measure, summed } from './measure.js';
import {
  type BootstrapOptions,
  type Interval,
  replicated,
  replicateIntervals,
} from './resampling/bootstrap.js';
import { deviation, mean, meanOf, sampleOf } from './resampling/summed.js';
import { total } from './resampling/vectors.js';

/** A score, and the interval of it. */
export interface Estimate {
  readonly number: number;
  readonly interval: Interval;
}

/**
 * A score as a table or a value takes it: without its interval where that has no width. Every draw of rows then gives the
 * same number, and the interval would say nothing.
 *
 * @example
 * const one = { low: 0.5, high: 0.5, level: 0.95, replicates: 1000, method: 'percentile bootstrap' };
 * Object.keys(withSpread({ number: 0.5, interval: one })); // -> ['number']
 * withSpread({ number: 0.5, interval: { ...one, high: 0.6 } }).interval?.high; // -> 0.6
 */
export const withSpread = ({ number, interval }: Estimate): { number: number; interval?: Interval } =>
  interval.low < interval.high ? { number, interval } : { number };

/**
 * What a score of a system that was trained several times varies with: the training, whose seed draws the rows and their
 * order, and the sample of test rows.
 */
export interface Variation {
  readonly bySeed: readonly number[];
  /** Standard deviation of single trainings over the seeds, of n - 1; undefined of one seed. */
  readonly seedDeviation: number | undefined;
  /** Standard error of the mean for other test rows, by the bootstrap, the trained systems held fixed. */
  readonly samplingError: number;
}

/** Scores of a system by several measures. Both functions throw UserError for a measure that was not asked for. */
export interface Estimates {
  /** Rows. */
  readonly n: number;
  readonly seeds: number;
  /**
   * A measure's score, by its id: the mean over seeds, with its interval for other test rows and these trained systems.
   * It says nothing of other seeds.
   */
  of(measure: string): Estimate;
  variation(measure: string): Variation;
}

/**
 * Scores a system's answers by several measures, with bootstrap intervals that all rest on the same draws; a row is drawn
 * for all seeds at once.
 *
 * @param bySeed a list of answers, in the order of `golds`, for each seed: one list where no seed is involved.
 * @throws UserError for no seed, for answers that the measures cannot score, and for impossible options.
 */
export function estimates(
  measures: readonly Measure[],
  golds: readonly Gold[],
  bySeed: readonly Answers[],
  options: BootstrapOptions = {},
): Estimates {
  if (bySeed.length === 0) throw new UserError('no seed has answers');
  const seeds = bySeed.map((answers) => summed(measures, golds, answers));
  const observed = seeds.map(({ vectors, of }) => of(total(vectors)));
  const sample = sampleOf(meanOf(seeds), options.clusters);
  const replicates = replicated(sample, options);
  const intervals = replicateIntervals(sample, replicates, options);
  const bySeedOf = (index: number) => observed.map((each) => each[index] ?? Number.NaN);
  const indexOf = (wanted: string) => {
    const index = measures.findIndex(({ id }) => id === wanted);
    if (index >= 0) return index;
    const known = measures.map(({ id }) => id).join(', ');
    throw new UserError(`${wanted} was not measured`, { hint: `Measured: ${known}.` });
  };
  return {
    n: golds.length,
    seeds: bySeed.length,
    of(measure) {
      const index = indexOf(measure);
      const interval = intervals[index];
      if (!interval) throw new Error(`${measure} has no interval`);
      return { number: mean(bySeedOf(index)), interval };
    },
    variation(measure) {
      const index = indexOf(measure);
      const numbers = bySeedOf(index);
      return {
        bySeed: numbers,
        seedDeviation: numbers.length > 1 ? deviation(numbers) : undefined,
        samplingError: deviation(replicates[index] ?? []),
      };
    },
  };
}
