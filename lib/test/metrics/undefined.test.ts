import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { differenceError, differenceInterval } from 'small-claims/metrics/difference';
import { equivalence } from 'small-claims/metrics/equivalence';
import { estimates } from 'small-claims/metrics/estimates';
import type { Answers, Reference } from 'small-claims/metrics/measure';
import { findMeasure } from 'small-claims/metrics/measures/measures';
import { pairedBootstrapTest, randomisationTest } from 'small-claims/metrics/paired-tests';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { near } from './near.js';

const numbers = z.array(z.number());
const spans = z.array(z.array(z.object({ type: z.string(), start: z.number(), end: z.number() })));
const drawn = {
  name: z.string(),
  number: z.number(),
  undefined: z.number(),
  interval: z.tuple([z.number(), z.number()]),
  deviation: z.number(),
};
const reference = expected(
  'undefined',
  z.object({
    tagged: z.array(z.object({ ...drawn, gold: spans, answers: spans })),
    correlated: z.array(z.object({ ...drawn, gold: numbers, answers: numbers })),
    exchanged: z.object({
      gold: numbers,
      ours: numbers,
      theirs: numbers,
      undefined: z.number(),
      difference: z.number(),
      p: z.number(),
    }),
  }),
);
const entityF1 = findMeasure('entity-f1', { shape: 'spans', types: ['Disease'] });
const pearson = findMeasure('pearson', { shape: 'number' });
const replicates = 20_000;
const cases: readonly {
  readonly measure: typeof pearson;
  readonly where: string;
  readonly of: Omit<(typeof reference.correlated)[number], 'gold' | 'answers'> & {
    readonly gold: readonly Reference[];
    readonly answers: Answers;
  };
}[] = [
  ...reference.tagged.map((of) => ({ measure: entityF1, of, where: 'nothing is named, gold or answered' })),
  ...reference.correlated.map((of) => ({
    measure: pearson,
    of,
    where: 'all gold numbers or all answers are equal',
  })),
];

describe('draws that leave a score undefined are none of its interval, as by numpy, and many leave it without one', () => {
  const refused = cases.filter(({ of }) => of.undefined > 0.05);
  assert.deepEqual([cases.length, refused.length], [6, 3]);
  for (const { measure, of, where } of cases) {
    test(of.name, () => {
      const { of: scoreOf, variation } = estimates([measure], of.gold, [of.answers], { replicates, seed: 1 });
      const { number, interval, note } = scoreOf(measure.id);
      near([number], [of.number]);
      const share = (text = '') =>
        Number(/(\S+) of 20,000 replicates/.exec(text)?.[1]?.replace(',', '')) / replicates;
      const noise = 5 * Math.sqrt((of.undefined * (1 - of.undefined)) / replicates);
      if (of.undefined > 0.05) {
        assert.equal(interval, undefined);
        assert.ok(
          note?.startsWith('no interval, since it is not defined in ') && note.endsWith(`, where ${where}`),
          note,
        );
        near([share(note)], [of.undefined], noise);
        assert.equal(variation(measure.id).samplingError, undefined);
        return;
      }
      if (of.interval[0] === of.interval[1]) {
        assert.equal(note, 'no interval, since it is the same whichever rows are drawn');
        return;
      }
      assert.ok(interval, note);
      assert.match(interval.method, / replicates left out, in which it is not defined$/);
      near([share(interval.method)], [of.undefined], noise);
      near([(interval.replicates ?? 0) / replicates], [1 - of.undefined], noise);
      near([interval.low, interval.high], of.interval, 0.25 * of.deviation);
      near([variation(measure.id).samplingError], [of.deviation], 0.05 * of.deviation);
    });
  }
});

describe('a score that is not defined on the rows themselves', () => {
  const golds = [1, 2, 3, 4, 5, 6];
  const constant = golds.map(() => 3);

  test('counts as 0, has no interval, and says so; of several seeds, if it is that of one', () => {
    for (const bySeed of [[constant], [golds, constant]]) {
      const estimate = estimates([pearson], golds, bySeed).of('pearson');
      assert.deepEqual(estimate, {
        number: bySeed.length === 1 ? 0 : 1 / 2,
        notDefined: true,
        note: 'not defined, since all gold numbers or all answers are equal; it counts as 0',
      });
    }
  });

  test('is compared by its number alone, and by no test', () => {
    const compared = { measure: pearson, golds, ours: [golds], theirs: [constant] };
    near([differenceError(compared).difference], [1]);
    assert.match(differenceInterval(compared).note ?? '', /not defined in 2,000 of 2,000 replicates/);
    for (const tested of [randomisationTest, pairedBootstrapTest])
      assert.deepEqual(
        [tested(compared).p, tested(compared).note],
        [1, 'a score is not defined on these rows'],
      );
  });
});

test('exchanges that leave a score undefined are none, and the p-value is that of all others, by scipy', () => {
  const { gold, ours, theirs, ...wanted } = reference.exchanged;
  const compared = { measure: pearson, golds: gold, ours: [ours], theirs: [theirs] };
  const {
    difference,
    p,
    replicates: rests,
  } = randomisationTest(compared, {
    statistic: 'difference',
    replicates: 50_000,
  });
  near([difference], [wanted.difference]);
  near([1 - rests / 50_000, p], [wanted.undefined, wanted.p], 4 * Math.sqrt(0.25 / 50_000));
  // Each row holds up a score in some exchange, so that there is no error to divide by.
  assert.match(randomisationTest(compared).note ?? '', /not defined/);
});

test('a score that rests on one row has no standard error, and is not found to match another', () => {
  const one = [{ type: 'Disease', start: 0, end: 1 }];
  const golds = [one, [], [], [], [], []];
  const compared = { measure: entityF1, golds, ours: [golds], theirs: [golds.map(() => [])] };
  const { difference, standardError, units } = differenceError(compared);
  assert.deepEqual([difference, standardError], [1, Number.NaN]);
  assert.equal(equivalence(difference, standardError, units, 2).p, 1);
  assert.ok(differenceInterval(compared).interval === undefined);
  assert.match(pairedBootstrapTest(compared).note ?? '', /^the difference is not defined in /);
});

test('one group of linked rows says nothing of others: no interval, no test, no standard error', () => {
  const golds = ['yes', 'no', 'yes'];
  const measure = findMeasure('accuracy', { shape: 'one-of', labels: ['yes', 'no'] });
  const clusters = { name: 'groups of rows linked by documents', keys: ['a', 'a', 'a'] };
  const compared = { measure, golds, ours: [golds], theirs: [['no', 'no', 'yes']] };
  const { number, interval, note } = estimates([measure], golds, [golds], { clusters }).of('accuracy');
  assert.deepEqual([number, interval], [1, undefined]);
  assert.equal(
    note,
    'no interval, since all rows together are one of the groups of rows linked by documents, which says nothing of how others would score',
  );
  for (const tested of [randomisationTest, pairedBootstrapTest]) {
    const { p, note } = tested(compared, { clusters });
    assert.equal(p, 1);
    assert.match(note ?? '', /^all rows together are one of the groups/);
  }
  assert.ok(Number.isNaN(differenceError(compared, { clusters }).standardError));
});

test('a rare type that is always missed has no part in an interval that draws without it would widen to 1', () => {
  const task = { shape: 'spans', types: ['A', 'B'] } as const;
  const measure = findMeasure('entity-macro-f1', task);
  const span = (type: string) => ({ type, start: 0, end: 1 });
  for (const rare of [1, 2, 3]) {
    const golds = Array.from({ length: 100 }, (_, row) => [span('A'), ...(row < rare ? [span('B')] : [])]);
    const answers = golds.map(() => [span('A')]);
    const found = estimates([measure], golds, [answers], { replicates: 2000, seed: 1 }).of('entity-macro-f1');
    assert.equal(found.number, 0.5);
    const why = rare < 3 ? /not defined in .* nothing of a type/ : /the same whichever rows are drawn/;
    assert.match(found.note ?? '', why);
    assert.equal(found.interval, undefined);
  }
});
