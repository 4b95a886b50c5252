import { UserError } from '../project/error.js';
import { type Answers, type Gold, type Measure, summed } from './measure.js';
import {
  type BootstrapOptions,
  type Interval,
  replicated,
  replicateIntervals,
} from './resampling/bootstrap.js';
import { deviation, mean, meanOf, sampleOf } from './resampling/summed.js';
import { total } from './resampling/vectors.js';

/**
 * A score of a system that was trained several times, or once, or not at all. Two things make it uncertain: the
 * training, whose seed draws the rows and their order, and the sample of test rows.
 */
export interface Score {
  /** Mean over the seeds. */
  readonly number: number;
  /** Of the mean over the seeds, for other test rows and these trained systems. It says nothing of other seeds. */
  readonly interval: Interval;
  readonly bySeed: readonly number[];
  /** Standard deviation of single trainings over the seeds, of n - 1; undefined of one seed. */
  readonly seedDeviation: number | undefined;
  /** Standard error of the mean for other test rows, by the bootstrap, the trained systems held fixed. */
  readonly samplingError: number;
}

export interface Evaluation {
  /** Rows. */
  readonly n: number;
  readonly seeds: number;
  /** A measure's score, by its id. @throws UserError for a measure that was not asked for. */
  of(measure: string): Score;
}

/**
 * Scores a system's answers by several measures, with bootstrap intervals that all rest on the same draws; a row is drawn
 * for all seeds at once.
 *
 * @param bySeed a list of answers, in the order of `golds`, for each seed: one list where no seed is involved.
 * @throws UserError for no seed, for answers that the measures cannot score, and for impossible options.
 */
export function evaluate(
  measures: readonly Measure[],
  golds: readonly Gold[],
  bySeed: readonly Answers[],
  options: BootstrapOptions = {},
): Evaluation {
  if (bySeed.length === 0) throw new UserError('no seed has answers');
  const seeds = bySeed.map((answers) => summed(measures, golds, answers));
  const observed = seeds.map(({ vectors, of }) => of(total(vectors)));
  const sample = sampleOf(meanOf(seeds), options.clusters);
  const estimates = replicated(sample, options);
  const intervals = replicateIntervals(sample, estimates, options);
  const found = new Map(
    measures.map(({ id }, index): [string, Score] => {
      const [interval, replicates] = [intervals[index], estimates[index]];
      if (!interval || !replicates) throw new Error(`${id} has no interval`);
      const numbers = observed.map((each) => each[index] ?? Number.NaN);
      return [
        id,
        {
          number: mean(numbers),
          interval,
          bySeed: numbers,
          seedDeviation: numbers.length > 1 ? deviation(numbers) : undefined,
          samplingError: deviation(replicates),
        },
      ];
    }),
  );
  return {
    n: golds.length,
    seeds: bySeed.length,
    of(measure) {
      const score = found.get(measure);
      if (score) return score;
      throw new UserError(`${measure} was not measured`, {
        hint: `Measured: ${[...found.keys()].join(', ')}.`,
      });
    },
  };
}
