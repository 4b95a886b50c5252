import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aflite } from 'small-claims/audit/measures/aflite';
import { fitLookup, majority } from 'small-claims/learners/majority';
import { mostProbableClasses } from 'small-claims/learners/targets';
import { fitBag, fitTextClassifier } from 'small-claims/learners/text-classifier';
import { classAt, fitThresholds } from 'small-claims/learners/threshold';
import { classify, growTree } from 'small-claims/learners/tree';
import { randomStream } from 'small-claims/project/random';

/** Of so many classes some have no row: what each learner says of other rows must be one that it has met. */
const CLASSES = 5;
const SETTINGS = { terms: { longest: 2 }, strength: 10 } as const;
type Said = (targets: readonly number[], texts: readonly string[], numbers: Float64Array) => Iterable<number>;
const LEARNERS: Readonly<Record<string, Said>> = {
  'the commonest class': (targets) => [majority(targets, CLASSES)],
  'a lookup': (targets, texts) => [...texts, 'unmet'].map(fitLookup(texts, targets, CLASSES)),
  thresholds(targets, _texts, numbers) {
    const parts = fitThresholds(numbers, targets, CLASSES);
    return [-1, 0.25, 0.5, 0.75, 2].map((number) => classAt(parts, number));
  },
  'a tree': (targets, _texts, numbers) =>
    classify(growTree([numbers], targets, { classes: CLASSES, depth: 3 }), [
      Float64Array.of(-1, 0.2, 0.6, 2),
    ]),
  'a classifier of texts': (targets, texts) =>
    mostProbableClasses(
      fitTextClassifier([texts], targets, CLASSES, SETTINGS).logprobs([[...texts, 'unmet', '']]),
      CLASSES,
    ),
  'a balanced classifier of texts': (targets, texts) =>
    mostProbableClasses(
      fitTextClassifier([texts], targets, CLASSES, { ...SETTINGS, balanced: true, scaled: true }).logprobs([
        ['unmet', ...texts],
      ]),
      CLASSES,
    ),
};

const random = randomStream('test: missing classes', 1);
const WORDS = ['dose', 'trial', 'fever', 'cough', 'zinc'];
const texts = Array.from({ length: 30 }, () =>
  Array.from({ length: 3 }, () => WORDS[random.below(WORDS.length)]).join(' '),
);
const numbers = Float64Array.from(texts, () => random.next());

describe('classes that training lacks are never said', () => {
  for (const [name, said] of Object.entries(LEARNERS)) {
    for (const met of [[1, 3], [4], [0, 2, 4]]) {
      test(`${name}, of ${met.length} of ${CLASSES} classes`, () => {
        const targets = texts.map(() => met[random.below(met.length)] ?? 0);
        for (const label of said(targets, texts, numbers)) assert.ok(met.includes(label), String(label));
      });
    }
  }

  test('of one class alone a classifier is certain', () => {
    const { logprobs } = fitTextClassifier([texts], new Int32Array(texts.length).fill(1), 3, SETTINGS);
    assert.deepEqual([...logprobs([['dose']])].map(Math.exp), [0, 1, 0]);
  });

  test('what AFLite keeps is the same under more classes than rows have', () => {
    const matrix = fitBag([texts], { longest: 1 }).matrix([texts]);
    const targets = texts.map((text) => (text.includes('zinc') ? 1 : 0));
    const [two, five] = [2, CLASSES].map((classes) => aflite(matrix, targets, classes));
    assert.ok(two && two.kept.length < texts.length);
    assert.deepEqual(five, two);
  });
});
