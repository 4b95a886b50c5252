import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { auditData, goldOf, textsOf } from 'small-claims/audit/data';
import { aflite, predictability } from 'small-claims/audit/measures/aflite';
import { difficulty } from 'small-claims/audit/measures/difficulty';
import {
  bagInformation,
  informationOf,
  labelPrior,
  leastInformative,
} from 'small-claims/audit/measures/information';
import { region, trainingDynamics } from 'small-claims/audit/measures/training-dynamics';
import type { PlainRow } from 'small-claims/audit/rows';
import { targetsOf } from 'small-claims/learners/targets';
import { fitBag } from 'small-claims/learners/text-classifier';
import { randomStream } from 'small-claims/project/random';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { invented } from './datasets.js';

const numbers = z.array(z.number());
const reference = expected(
  'audit_information',
  z.object({
    information: z.array(
      z.object({
        name: z.string(),
        input: z.enum(['claim', 'evidence', 'both']),
        strength: z.number(),
        bits: z.number(),
        rows: z.array(z.object({ id: z.string(), bits: z.number() })),
      }),
    ),
    dynamics: z.array(
      z.object({
        classes: z.number(),
        targets: numbers,
        epochs: z.array(numbers),
        confidence: numbers,
        variability: numbers,
        correctness: numbers,
      }),
    ),
    predictability: z.array(
      z.object({ name: z.string(), partitions: z.array(numbers), predictability: numbers }),
    ),
  }),
);

describe('pointwise V-information is that of scikit-learn and the formula', () => {
  for (const { name, input, strength, bits, rows } of reference.information) {
    test(`${name}, ${input}`, () => {
      const data = invented(name);
      const found = bagInformation(input, data, { strength });
      assert.deepEqual(
        found.rows.map(({ id }) => id),
        rows.map(({ id }) => id),
      );
      for (const [index, row] of found.rows.entries())
        assert.ok(Math.abs(row.bits - (rows[index]?.bits ?? Number.NaN)) < 1e-3, `${row.id}: ${row.bits}`);
      assert.ok(Math.abs(found.bits - bits) < 1e-3);
      assert.equal(found.leftOut, data.test.length - rows.length);
    });
  }
});

test('what tells nothing has no information, what tells all has the entropy of the labels, and a wrong label less than none', () => {
  const golds = ['yes', 'no', 'no', 'no'];
  const rows = golds.map((gold, index) => ({ id: `${index}`, gold }));
  const labels = ['no', 'yes'];
  const prior = labelPrior(golds, labels);
  const same = rows.flatMap(() => [...prior].map(Math.log));
  assert.ok(Math.abs(informationOf('nothing', rows, same, { labels, prior }).bits) < 1e-12);
  const known = golds.flatMap((gold) => labels.map((each) => (each === gold ? 0 : -50)));
  const entropy = -(0.75 * Math.log2(0.75) + 0.25 * Math.log2(0.25));
  assert.ok(Math.abs(informationOf('all', rows, known, { labels, prior }).bits - entropy) < 1e-12);
  const allNo = rows.flatMap(() => [Math.log(0.99), Math.log(0.01)]);
  const found = informationOf('model', rows, allNo, { labels, prior });
  assert.deepEqual(
    leastInformative(found, 5).map(({ id }) => id),
    ['0'],
  );
});

/** Rows whose labels are dealt out at random; `telling` of each ten hold a word that gives the label away. */
function dealt(count: number, telling: number, from = 0): readonly PlainRow[] {
  const random = randomStream('test: dealt rows', count + from);
  return Array.from({ length: count }, (_, index): PlainRow => {
    const label = random.below(2) ? 'yes' : 'no';
    const filler = Array.from({ length: 8 }, () => `w${random.below(40)}`).join(' ');
    const claim = index % 10 < telling ? `${filler} tell${label}` : filler;
    return { id: `${from + index}`, claim, evidence: `text ${index}`, label };
  });
}

test('the penalty is chosen on training rows so that noise is not taken for knowledge', () => {
  const noise = bagInformation('claim', auditData(dealt(300, 0), dealt(300, 0, 1000)));
  assert.ok(noise.bits > -0.05 && noise.bits < 0.05, `${noise.bits}`);
  const told = bagInformation('claim', auditData(dealt(300, 10), dealt(300, 10, 1000)));
  assert.ok(told.bits > 0.7, `${told.bits}`);
});

describe('training dynamics are those of numpy', () => {
  for (const { classes, targets, epochs, confidence, variability, correctness } of reference.dynamics) {
    test(`${targets.length} rows, ${epochs.length} epochs`, () => {
      const ids = targets.map((_, index) => `${index}`);
      const found = trainingDynamics(ids, targets, classes, epochs);
      for (const [index, row] of found.entries()) {
        assert.ok(Math.abs(row.confidence - (confidence[index] ?? Number.NaN)) < 1e-12);
        assert.ok(Math.abs(row.variability - (variability[index] ?? Number.NaN)) < 1e-12);
        assert.ok(Math.abs(row.correctness - (correctness[index] ?? Number.NaN)) < 1e-12);
      }
      const [easy] = region(found, 'easy', 1 / targets.length);
      assert.equal(easy, String(confidence.indexOf(Math.max(...confidence))));
      const [ambiguous] = region(found, 'ambiguous', 1 / targets.length);
      assert.equal(ambiguous, String(variability.indexOf(Math.max(...variability))));
    });
  }

  test('an epoch of other rows is refused', () => {
    assert.throws(() => trainingDynamics(['a'], [0], 2, [[0.5]]), /epoch 1 has 1 probabilities, not 2/);
    assert.throws(() => trainingDynamics(['a'], [0], 2, []), /at least one epoch/);
    assert.throws(() => trainingDynamics(['a'], [0], 2, [[1.5, 0]]), /row a has the probability 1.5/);
  });
});

test('rows are easy where every shortcut is right, hard where every one is wrong', () => {
  const gold = [0, 1, 0];
  const [one, two] = [Int32Array.of(0, 0, 1), Int32Array.of(0, 1, 1)].map((predicted) => ({ predicted }));
  assert.ok(one && two);
  assert.deepEqual(difficulty(gold, [one]), { easy: [0], hard: [1, 2] });
  assert.deepEqual(difficulty(gold, [one, two]), { easy: [0], hard: [2] });
  assert.deepEqual(difficulty(gold, []), { easy: [], hard: [] });
});

describe('predictability is that of scikit-learn on the same partitions', () => {
  for (const { name, partitions, predictability: wanted } of reference.predictability) {
    test(name, () => {
      const { labels, train } = invented(name);
      const texts = textsOf(train, ['claim']);
      const matrix = fitBag(texts, { longest: 2, minimum: 2, sublinear: true }).matrix(texts);
      const targets = goldOf(train, labels);
      const found = predictability(matrix, targets, labels.length, { partitions, strength: 1 });
      for (const [row, share] of found.entries())
        assert.ok(Math.abs(share - (wanted[row] ?? 0)) < 1e-12, `${row}`);
    });
  }
});

test('AFLite takes rows that a word gives away before others', () => {
  const rows = dealt(200, 4);
  const claims = rows.map(({ claim = '' }) => claim);
  const matrix = fitBag([claims], { minimum: 2 }).matrix([claims]);
  const targets = targetsOf(
    rows.map(({ label }) => label),
    ['no', 'yes'],
  );
  const { kept, rounds } = aflite(matrix, targets, 2, { threshold: 0.9 });
  const gone = rounds.flat();
  assert.deepEqual(
    [...kept, ...gone].sort((a, b) => a - b),
    [...rows.keys()],
  );
  const told = gone.filter((row) => row % 10 < 4).length;
  const shares = [told / 80, (gone.length - told) / 120] as const;
  assert.ok(shares[0] > 1.5 * shares[1], `${shares}`);
});
