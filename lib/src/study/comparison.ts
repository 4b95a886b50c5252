import { differenceError, differenceInterval, intervalOverSeeds, seedPairs } from '../metrics/difference.js';
import { equivalence } from '../metrics/equivalence.js';
import { linkedRows, referencesOf } from '../metrics/evaluation.js';
import type { Answers, Measure } from '../metrics/measure.js';
import { findMeasure, mainMeasure } from '../metrics/measures/measures.js';
import { corrected, levelLeft } from '../metrics/multiplicity.js';
import { leastDifference } from '../metrics/power.js';
import { freedomOf, reason } from '../metrics/resampling/bootstrap.js';
import { UserError } from '../project/error.js';
import type { Source } from '../reporting/publication.js';
import { publishValue, type ValueInterval } from '../reporting/value.js';
import { type ComparisonTest, supports, type Verdict } from '../reporting/verdict.js';
import type { RowFacts } from '../tasks/row.js';
import type { Task } from '../tasks/task.js';
import { formatOf, meanOf, sentence } from './comparison-sentence.js';
import { differenceTest } from './difference-test.js';
import { familiesOf } from './families.js';
import type { StudyPlan } from './study.js';

/** A system, as far as a comparison goes. */
interface System {
  /** As a sentence calls it. */
  readonly name: string;
  /** A list of answers for each seed; one list where no seed is involved. */
  readonly predicted: readonly Answers[];
}

/** Two systems on the same rows. */
export interface Comparison {
  /** Kebab-case; the value is published under it, and the paper claims by it. */
  readonly id: string;
  /** Where: "SciFact dev". */
  readonly on: string;
  readonly task: Task;
  readonly rows: readonly RowFacts[];
  readonly a: System;
  readonly b: System;
  /** A measure of the task by its id; default: its main one. */
  readonly measure?: string;
  readonly sources: readonly Source[];
}

/** What was found: the score of `a` minus that of `b`, in shares of 1; of several seeds the mean. */
export interface Difference extends Omit<Comparison, 'measure'> {
  readonly measure: Measure;
  readonly seeds: number;
  readonly difference: number;
  readonly interval?: ValueInterval;
  /** Why there is no interval. */
  readonly note?: string;
  /** Degrees of freedom of the standard error. */
  readonly freedom: number;
  /** For other seeds as well as other rows; undefined of one seed. */
  readonly overSeeds?: ValueInterval;
  readonly test: Omit<ComparisonTest, 'corrected' | 'correction' | 'family' | 'role'>;
}

/** A comparison with its corrected test. */
export interface Judged extends Difference {
  /** The p-value of the difference, corrected. */
  readonly corrected: number;
  supports(verdict: Verdict): boolean;
}

type Plan = Pick<StudyPlan, 'bootstrap' | 'comparisons'>;

/**
 * Compares two systems as the study says: rows linked by claims or documents are drawn, and exchanged, whole; the
 * interval is a percentile bootstrap, or where groups are few by Student's t, the test of no difference the one that fits the
 * score and the rows (`differenceTest`), and whether they match is asked by two one-sided tests against the study's margin
 * with a jackknife standard error.
 *
 * @throws UserError where rows and predictions differ in number.
 *
 * @example
 * const task = findTask('claim-verification');
 * const { rows } = await buildFacts('scifact/rationales/dev');
 * const [a, b] = [emptinessRule, majorityRule(rows, labelsOf(task))].map((rule) => {
 *   return { name: rule.saying, predicted: [follow(rule, rows)] };
 * });
 * compare({ id: 'empty', on: 'SciFact', task, rows, a, b, sources: [] }, openStudy('small').plan).difference; // -> 0.377
 */
export function compare(comparison: Comparison, { bootstrap, comparisons }: Plan): Difference {
  const { task, rows, a, b } = comparison;
  const measure =
    comparison.measure === undefined ? mainMeasure(task) : findMeasure(comparison.measure, task);
  const linked = linkedRows(task, rows);
  const clusters = new Set(linked.keys).size < rows.length ? linked : undefined;
  const compared = {
    measure,
    golds: referencesOf(task, rows),
    ours: a.predicted,
    theirs: b.predicted,
  };
  const bounds = differenceInterval(compared, { ...bootstrap, clusters });
  const { difference, standardError, units } = differenceError(compared, { clusters });
  const overSeeds = intervalOverSeeds(compared, { clusters, level: bootstrap.level });
  const { margin } = comparisons;
  const freedom = freedomOf(units, clusters);
  const alpha = Number((1 - comparisons.level).toFixed(9));
  return {
    ...comparison,
    measure,
    seeds: seedPairs(compared).length,
    difference,
    ...(bounds.interval
      ? { interval: bounds.interval }
      : { note: `no interval, since ${reason(bounds, measure.undefinedWhere)}` }),
    freedom,
    ...(overSeeds && { overSeeds }),
    test: {
      ...differenceTest(compared, { clusters, seed: bootstrap.seed }),
      alpha,
      // That of rounding is none.
      ...(standardError > 1e-12 && {
        standardError,
        leastDifference: leastDifference(standardError, freedom, alpha),
      }),
      equivalence: equivalence(difference, standardError, 1 + freedom, margin),
    },
  };
}

/**
 * Publishes a notebook's comparisons, all of them at once: p-values of difference and of equivalence are corrected over
 * the study's primary comparisons, or over the notebook's others (`familiesOf`), each kind by itself. A comparison is the
 * value `id`, its p-value `id-p`, the corrected one `id-p-corrected`, its standard error `id-se` and the least difference that
 * would be found in 80 of 100 cases at the level that the correction leaves it (`levelLeft`) `id-least`, and of several seeds, with its interval for other seeds too,
 * `id-over-seeds`; its sentence is printed under the cell. One that could not be tested, such as of rows that
 * are all linked, is its difference alone, without a p-value, and supports no verdict.
 *
 * @throws UserError for a second family in the same run of a notebook.
 *
 * @example
 * const rows = ['yes', 'no', 'yes', 'maybe'].map((gold, id) => ({ id: `${id}`, gold, keys: {} }));
 * const [a, b] = ['yes', 'no'].map((name) => ({ name, predicted: [rows.map(() => name)] }));
 * const asked = { id: 'yes-no', on: 'four rows', task: findTask('biomedical-question-answering'), rows, a, b };
 * const [found] = publishComparisons([{ ...asked, measure: 'accuracy', sources: [] }], openStudy('small').plan);
 * [found.difference, found.supports('outperforms')]; // -> [0.25, false]
 */
export function publishComparisons(comparisons: readonly Comparison[], plan: Plan): readonly Judged[] {
  refuseSecondFamily();
  const found = comparisons.map((comparison) => compare(comparison, plan));
  const families = familiesOf(
    found.map(({ id }) => id),
    plan.comparisons,
  );
  const levels: number[] = [];
  for (const { places, correction, size: family } of families) {
    const pValues = places.map((place) => found[place]?.test.p ?? missing(place));
    for (const [index, place] of places.entries())
      levels[place] = levelLeft(pValues, index, correction, { family, alpha: found[place]?.test.alpha ?? 0 });
  }
  const over = (pValueOf: (test: Difference['test']) => number) => {
    const all: number[] = [];
    for (const { places, correction, size } of families) {
      const pValues = places.map((place) => pValueOf(found[place]?.test ?? missing(place)));
      for (const [index, p] of corrected(pValues, correction, size).entries()) all[places[index] ?? 0] = p;
    }
    return all;
  };
  const [differ, match] = [over(({ p }) => p), over((test) => test.equivalence.p)];
  return found.map((each, index) => {
    const { id, on, rows, a, b, sources, freedom, ...result } = each;
    const { standardError } = result.test;
    const level = levels[index] ?? missing(index);
    const { role, correction, size } =
      families.find(({ places }) => places.includes(index)) ?? missing(index);
    const test: ComparisonTest = {
      ...result.test,
      ...(standardError !== undefined && {
        leastDifference: leastDifference(standardError, freedom, level),
      }),
      corrected: differ[index] ?? 1,
      equivalence: { ...result.test.equivalence, corrected: match[index] ?? 1 },
      correction,
      family: size,
      ...(role && { role }),
    };
    const about = `${each.measure.title} of ${a.name} less that of ${b.name} on ${on}${meanOf(result.seeds)}`;
    const value = { n: rows.length, sources };
    publishValue({
      ...value,
      id,
      number: result.difference,
      format: formatOf(each.measure),
      ...(result.interval && { interval: result.interval }),
      ...(result.note !== undefined && { note: result.note }),
      description: about,
      test,
    });
    console.log(sentence({ ...result, on, rows, a, b }, test));
    const judged = {
      ...each,
      corrected: test.corrected,
      supports: (verdict: Verdict) => supports(verdict, each.difference, test),
    };
    if (test.impossible) return judged;
    const pValue = { ...value, format: 'p-value' as const };
    publishValue({ ...pValue, id: `${id}-p`, number: test.p, description: `p (${test.method}) of ${about}` });
    publishValue({
      ...pValue,
      id: `${id}-p-corrected`,
      number: test.corrected,
      description: `p, corrected (${correction}) over ${size} ${role ? `${role} ` : ''}comparisons, of ${about}`,
    });
    for (const [what, number, description] of [
      ['se', test.standardError, 'standard error, for other rows,'],
      [
        'least',
        test.leastDifference,
        `the least difference found in 80 of 100 cases at the corrected level of ${(100 * level).toFixed(2)} %,`,
      ],
    ] as const)
      if (number !== undefined)
        publishValue({
          ...value,
          id: `${id}-${what}`,
          number,
          format: each.measure.format,
          description: `${description} of ${about}`,
        });
    if (result.overSeeds)
      publishValue({
        ...value,
        format: formatOf(each.measure),
        id: `${id}-over-seeds`,
        number: result.difference,
        interval: result.overSeeds,
        description: `${about}, for other seeds too`,
      });
    return judged;
  });
}

const missing = (place: number): never => {
  throw new Error(`comparison ${place} is in no family`);
};

let familyOf: string | undefined;

function refuseSecondFamily(): void {
  const run = process.env['SMALL_CLAIMS_OUT'];
  if (run !== undefined && run === familyOf) {
    throw new UserError('a notebook publishes comparisons twice', {
      hint: 'Comparisons of a notebook are one family: publish all of them in one call, so that all are corrected for.',
    });
  }
  familyOf = run;
}
