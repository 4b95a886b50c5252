import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { differenceError } from 'small-claims/metrics/difference';
import { estimates } from 'small-claims/metrics/estimates';
import { scores } from 'small-claims/metrics/measure';
import { correlationMeasures } from 'small-claims/metrics/measures/correlation';
import { randomisationTest } from 'small-claims/metrics/paired-tests';
import { z } from 'zod';
import { expected } from '../../reference/expected.js';
import { intervalOf, near } from '../near.js';

const numbers = z.array(z.number());
const both = <Schema extends z.ZodType>(schema: Schema) => z.object({ pearson: schema, spearman: schema });
const reference = expected(
  'correlation',
  z.object({
    cases: z.array(
      z.object({
        name: z.string(),
        gold: numbers,
        answers: z.array(z.number().nullable()),
        pearson: z.number(),
        spearman: z.number(),
      }),
    ),
    gold: numbers,
    ours: numbers,
    theirs: numbers,
    few: z.int(),
    exchanged: both(z.number()),
    jackknifed: both(z.object({ difference: z.number(), standardError: z.number() })),
    interval: both(z.tuple([z.number(), z.number()])),
  }),
);
const measures = correlationMeasures();
const { gold } = reference;

describe('the correlations of Pearson and Spearman equal those of scipy', () => {
  for (const { name, gold, answers, pearson, spearman } of reference.cases) {
    test(name, () => near(scores(measures, gold, answers), [pearson, spearman]));
  }
});

for (const id of ['pearson', 'spearman'] as const) {
  const [measure] = measures.filter((each) => each.id === id);
  assert.ok(measure);
  const compared = { measure, golds: gold, ours: [reference.ours], theirs: [reference.theirs] };

  describe(`of two systems, by ${id},`, () => {
    test('the difference has the jackknife standard error of numpy', () => {
      const { difference, standardError } = differenceError(compared);
      const wanted = reference.jackknifed[id];
      near([difference, standardError], [wanted.difference, wanted.standardError]);
    });

    test('exchanging answers has the p-value of all the ways there are to do so, by scipy', () => {
      const some = (all: readonly number[]) => all.slice(0, reference.few);
      const few = {
        measure,
        golds: some(gold),
        ours: [some(reference.ours)],
        theirs: [some(reference.theirs)],
      };
      const replicates = 100_000;
      const { p } = randomisationTest(few, { replicates, statistic: 'difference' });
      const wanted = reference.exchanged[id];
      near([p], [wanted], 4 * Math.sqrt((wanted * (1 - wanted)) / replicates));
    });
  });

  test(`the bootstrap interval of ${id} is that of scipy within Monte Carlo error`, () => {
    const interval = intervalOf(estimates([measure], gold, [reference.ours], { replicates: 20_000 }).of(id));
    near([interval.low, interval.high], reference.interval[id], 0.005);
  });
}

test('rows without an answer draw a correlation to 0 as much as as many answers that say nothing', () => {
  const answers = gold.map((number, row) => (row % 3 === 0 ? null : number));
  const [pearson = 1, spearman = 1] = scores(measures, gold, answers);
  assert.ok(pearson > 0.5 && pearson < 0.95 && spearman > 0.5 && spearman < 0.95, `${pearson}, ${spearman}`);
});

test('what is no number is refused, with its row', () => {
  assert.throws(
    () => scores(measures, [1, 2], [1, Number.NaN]),
    /the answer of row 2 is null\n {2}Give a number/,
  );
  assert.throws(() => scores(measures, ['1'], [1]), /the gold answer of row 1 is "1"/);
});
