import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { scores } from 'small-claims/metrics/scores';
import { randomStream } from 'small-claims/project/random';
import { LABELS, type Label } from 'small-claims/tasks/example';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { labels } from './labels.js';

const threeNumbers = z.tuple([z.number(), z.number(), z.number()]);
const { cases } = expected(
  'scores',
  z.object({
    cases: z.array(
      z.object({
        name: z.string(),
        gold: z.string(),
        predicted: z.string(),
        accuracy: z.number(),
        macroF1: z.number(),
        balancedAccuracy: z.number(),
        precision: threeNumbers,
        recall: threeNumbers,
        f1: threeNumbers,
        support: threeNumbers,
      }),
    ),
  }),
);

function close(actual: number, wanted: number, what: string) {
  assert.ok(Math.abs(actual - wanted) < 1e-12, `${what}: ${actual}, scikit-learn has ${wanted}`);
}

describe('scores equal those of scikit-learn', () => {
  for (const wanted of cases) {
    test(wanted.name, () => {
      const actual = scores(labels(wanted.gold), labels(wanted.predicted));
      close(actual.accuracy, wanted.accuracy, 'accuracy');
      close(actual.macroF1, wanted.macroF1, 'macro-F1');
      close(actual.balancedAccuracy, wanted.balancedAccuracy, 'balanced accuracy');
      for (const [index, label] of LABELS.entries()) {
        close(actual.labels[label].precision, wanted.precision[index] ?? Number.NaN, `precision of ${label}`);
        close(actual.labels[label].recall, wanted.recall[index] ?? Number.NaN, `recall of ${label}`);
        close(actual.labels[label].f1, wanted.f1[index] ?? Number.NaN, `F1 of ${label}`);
        close(actual.labels[label].gold, wanted.support[index] ?? Number.NaN, `gold rows of ${label}`);
      }
    });
  }
});

test('a label with neither gold nor prediction pulls macro-F1 down: it counts as 0', () => {
  const actual = scores(labels('SC'), labels('SC'));
  assert.equal(actual.accuracy, 1);
  assert.equal(actual.macroF1, 2 / 3);
});

test('confusion counts gold by row and prediction by column', () => {
  const { confusion } = scores(labels('SSSCN'), labels('SSNSC'));
  assert.deepEqual(confusion, {
    SUPPORT: { SUPPORT: 2, CONTRADICT: 0, NEI: 1 },
    CONTRADICT: { SUPPORT: 1, CONTRADICT: 0, NEI: 0 },
    NEI: { SUPPORT: 0, CONTRADICT: 1, NEI: 0 },
  });
});

test('the order of the rows does not change a score', () => {
  const random = randomStream('test: order of rows', 1);
  const draw = (): Label => LABELS[random.below(3)] ?? 'NEI';
  const rows = Array.from({ length: 60 }, () => ({ gold: draw(), predicted: draw() }));
  const of = (some: typeof rows) =>
    scores(
      some.map(({ gold }) => gold),
      some.map(({ predicted }) => predicted),
    );
  assert.deepEqual(of(random.shuffle(rows)), of(rows));
});

describe('what cannot be scored is refused', () => {
  test('a prediction too few', () => {
    assert.throws(() => scores(labels('SCN'), labels('SC')), /3 gold labels but 2 predictions/);
  });
  test('no rows', () => {
    assert.throws(() => scores([], []), /no rows to score/);
  });
  test('a label of another data set, with its row', () => {
    const foreign = JSON.parse('["SUPPORT", "REFUTES"]');
    assert.throws(() => scores(labels('SC'), foreign), /prediction of row 2 is "REFUTES"/);
    assert.throws(() => scores(foreign, labels('SC')), /gold label of row 2 is "REFUTES"/);
  });
});
