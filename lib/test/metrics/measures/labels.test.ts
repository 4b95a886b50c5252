import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { scores } from 'small-claims/metrics/measure';
import { labelMeasures, labelSetMeasures } from 'small-claims/metrics/measures/labels';
import { z } from 'zod';
import { expected } from '../../reference/expected.js';
import { near } from '../near.js';

const f1 = { name: z.string(), macro: z.number(), micro: z.number(), each: z.array(z.number()) };
const reference = expected(
  'f1',
  z.object({
    labels: z.array(z.string()),
    oneOf: z.array(
      z.object({
        ...f1,
        exact: z.number(),
        gold: z.array(z.string()),
        answers: z.array(z.string().nullable()),
      }),
    ),
    topics: z.array(z.string()),
    someOf: z.array(
      z.object({
        ...f1,
        exact: z.number(),
        gold: z.array(z.array(z.string())),
        answers: z.array(z.array(z.string()).nullable()),
      }),
    ),
  }),
);

describe('accuracy, macro-F1, micro-F1 and the F1 of each label equal those of scikit-learn', () => {
  const measures = labelMeasures(reference.labels);
  for (const { name, gold, answers, exact, macro, micro, each } of reference.oneOf) {
    test(name, () => near(scores(measures, gold, answers), [exact, macro, micro, ...each]));
  }
});

describe('F1 of sets of labels and the share of sets that are right equal those of scikit-learn', () => {
  const measures = labelSetMeasures(reference.topics);
  for (const { name, gold, answers, exact, macro, micro, each } of reference.someOf) {
    test(name, () => near(scores(measures, gold, answers), [micro, macro, exact, ...each]));
  }
});

test('a row that was not answered counts as wrong, and as no label that somebody could have meant', () => {
  const measures = labelMeasures(['a', 'b', 'c']);
  const gold = ['a', 'b', 'c', 'c'];
  const [accuracy, macro, micro, a, b, c] = scores(measures, gold, ['a', null, 'c', 'c']);
  near([accuracy, a, b, c], [3 / 4, 1, 0, 1]);
  near([macro, micro], [2 / 3, 6 / 7]);
  // Any label in its place would cost that label precision.
  for (const other of ['a', 'c']) {
    const [, guessed = 1] = scores(measures, gold, ['a', other, 'c', 'c']);
    assert.ok(guessed < (macro ?? 0));
  }
});

test('an empty set is right where gold is empty, and no answer is not', () => {
  const [exact] = labelSetMeasures(['a', 'b']).filter(({ id }) => id === 'exact-match');
  assert.ok(exact);
  assert.deepEqual(scores([exact], [[], [], ['a']], [[], null, ['a']]), [2 / 3]);
});

test('a label that is named twice is named once', () => {
  const measures = labelSetMeasures(['a', 'b']);
  assert.deepEqual(scores(measures, [['a']], [['a', 'a']]), scores(measures, [['a']], [['a']]));
});

describe('what cannot be scored is refused', () => {
  const measures = labelMeasures(['yes', 'no']);
  test('an answer too few', () => {
    assert.throws(() => scores(measures, ['yes', 'no'], ['yes']), /2 gold answers but 1 answers/);
  });
  test('no rows', () => {
    assert.throws(() => scores(measures, [], []), /no rows to score/);
  });
  test('a label of another task, with its row', () => {
    assert.throws(() => scores(measures, ['yes', 'no'], ['yes', 'maybe']), /the answer of row 2 is "maybe"/);
    assert.throws(() => scores(measures, ['perhaps'], ['yes']), /the gold answer of row 1 is "perhaps"/);
    const sets = labelSetMeasures(['yes', 'no']);
    assert.throws(
      () => scores(sets, [['yes']], [['no', 'so']]),
      /row 1 is \["no","so"\]\n {2}Known are yes, no/,
    );
  });
  test('a set where one label is asked for, and one label where a set is', () => {
    assert.throws(() => scores(measures, ['yes'], [['yes']]), /Give one of yes, no/);
    assert.throws(() => scores(labelSetMeasures(['yes']), ['yes'], ['yes']), /Give a list of some of yes/);
  });
});
