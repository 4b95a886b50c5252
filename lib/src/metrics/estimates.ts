import { UserError } from '../project/error.js';
import { type Answers, type Measure, type Reference, reported, summed } from './measure.js';
import {
  type BootstrapOptions,
  defined,
  type Interval,
  reason,
  replicated,
  replicateIntervals,
  withWidth,
} from './resampling/bootstrap.js';
import { deviation, mean, meanOf, sampleOf } from './resampling/summed.js';
import { total } from './resampling/vectors.js';

/** A score, and the interval of it or why there is none. */
export interface Estimate {
  /** 0 where it is not defined, as `note` then says. */
  readonly number: number;
  readonly interval?: Interval;
  /** Why there is no interval, as a clause: `no interval, since it is not defined in 740 of 2,000 replicates, where ...`. */
  readonly note?: string;
  /** The score of the rows themselves is not defined, of one seed at least. */
  readonly notDefined?: true;
}

/**
 * What a score of a system that was trained several times varies with: the training, whose seed draws the rows and their
 * order, and the sample of test rows.
 */
export interface Variation {
  readonly bySeed: readonly number[];
  /** Standard deviation of single trainings over the seeds, of n - 1; undefined of one seed. */
  readonly seedDeviation: number | undefined;
  /**
   * Standard error of the mean for other test rows, by the bootstrap, the trained systems held fixed; undefined where there
   * is no interval.
   */
  readonly samplingError: number | undefined;
}

/** Scores of a system by several measures. Both functions throw UserError for a measure that was not asked for. */
export interface Estimates {
  /** Rows. */
  readonly n: number;
  readonly seeds: number;
  /** What was measured. */
  readonly measures: readonly Measure[];
  /**
   * A measure's score, by its id: the mean over seeds, with its interval for other test rows and these trained systems.
   * It says nothing of other seeds.
   */
  of(measure: string): Estimate;
  variation(measure: string): Variation;
}

/**
 * An interval that draws nothing, of a share in 0..1: made on the scale of the logit and brought back, since a score near 0
 * or 1 has less room on one side.
 */
export function onLogitScale(number: number, interval: Interval): Interval {
  if (interval.replicates !== undefined) return interval;
  const spread = number * (1 - number);
  if (!(spread > 0)) return { ...interval, low: Math.max(0, interval.low), high: Math.min(1, interval.high) };
  const moved = (end: number) => 1 / (1 + ((1 - number) / number) * Math.exp((number - end) / spread));
  return {
    ...interval,
    low: moved(interval.low),
    high: moved(interval.high),
    method: `${interval.method}, on the logit scale`,
  };
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
  golds: readonly Reference[],
  bySeed: readonly Answers[],
  options: BootstrapOptions = {},
): Estimates {
  if (bySeed.length === 0) throw new UserError('no seed has answers');
  const seeds = bySeed.map((answers) => summed(measures, golds, answers));
  const observed = seeds.map(({ vectors, of }) => of(total(vectors)));
  const sample = sampleOf(meanOf(seeds), options.clusters);
  const replicates = replicated(sample, options);
  const bounds = replicateIntervals(sample, replicates, options);
  const bySeedOf = (index: number) => observed.map((each) => reported(each[index] ?? Number.NaN));
  const boundsAt = (index: number) => {
    const found = bounds[index];
    if (!found) throw new Error(`measure ${index} has no bounds`);
    return withWidth(found);
  };
  const indexOf = (wanted: string) => {
    const index = measures.findIndex(({ id }) => id === wanted);
    if (index >= 0) return index;
    const known = measures.map(({ id }) => id).join(', ');
    throw new UserError(`${wanted} was not measured`, { hint: `Measured: ${known}.` });
  };
  return {
    n: golds.length,
    seeds: bySeed.length,
    measures,
    of(measure) {
      const index = indexOf(measure);
      const number = mean(bySeedOf(index));
      const found = boundsAt(index);
      if (found.interval) {
        const share = measures[index]?.format === 'percent';
        return { number, interval: share ? onLogitScale(number, found.interval) : found.interval };
      }
      const undefinedWhere = measures[index]?.undefinedWhere ?? 'there is nothing to score';
      return observed.some((each) => Number.isNaN(each[index]))
        ? { number, notDefined: true, note: `not defined, since ${undefinedWhere}; it counts as 0` }
        : { number, note: `no interval, since ${reason(found, undefinedWhere)}` };
    },
    variation(measure) {
      const index = indexOf(measure);
      const numbers = bySeedOf(index);
      return {
        bySeed: numbers,
        seedDeviation: numbers.length > 1 ? deviation(numbers) : undefined,
        samplingError:
          bounds[index]?.interval && deviation(defined(replicates[index] ?? new Float64Array(0))),
      };
    },
  };
}
