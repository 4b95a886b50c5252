import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { factsOf } from 'small-claims/datasets/facts';
import { evaluate } from 'small-claims/metrics/evaluation';
import { scores } from 'small-claims/metrics/measure';
import { findMeasure, mainMeasure } from 'small-claims/metrics/measures/measures';
import { entityMeasures, wordMeasures } from 'small-claims/metrics/measures/spans';
import type { Span } from 'small-claims/tasks/row';
import { findTask } from 'small-claims/tasks/task';
import { z } from 'zod';
import { expected } from '../../reference/expected.js';
import { near } from '../near.js';

const spans = z.array(z.object({ type: z.string(), start: z.number(), end: z.number() }));
const each = z.array(z.number());
const reference = expected(
  'f1',
  z.object({
    types: z.array(z.string()),
    spans: z.array(
      z.object({
        name: z.string(),
        words: z.array(z.array(z.tuple([z.number(), z.number()]))),
        gold: z.array(spans),
        answers: z.array(spans.nullable()),
        micro: z.number(),
        macro: z.number(),
        each,
        byWord: z.object({ macro: z.number(), each }),
      }),
    ),
  }),
);

describe('F1 of entities, pooled, the mean over types and of each, equals that of seqeval on IOB2', () => {
  const measures = entityMeasures(reference.types);
  for (const { name, gold, answers, micro, macro, each } of reference.spans) {
    test(name, () => near(scores(measures, gold, answers), [micro, macro, ...each]));
  }
});

describe('F1 of the labels of words, macro and of each type, equals that of scikit-learn without O', () => {
  const measures = wordMeasures(reference.types);
  for (const { name, words, gold, answers, byWord } of reference.spans) {
    test(name, () => {
      const references = words.map((each, row) => ({ spans: gold[row] ?? [], words: each }));
      near(scores(measures, references, answers), [byWord.macro, ...byWord.each]);
    });
  }
});

const gene = (start: number, end: number): Span => ({ type: 'Gene', start, end });
const cell = (start: number, end: number): Span => ({ type: 'Cell', start, end });
const entity = entityMeasures(['Gene', 'Cell']);
const entityF1 = (gold: readonly Span[], answer: readonly Span[]) => scores(entity, [gold], [answer])[0];

test('overlapping entities count each for itself, and one that is given twice counts once', () => {
  assert.equal(entityF1([gene(0, 9), gene(4, 9), cell(0, 9)], [gene(0, 9), gene(4, 9), cell(0, 9)]), 1);
  assert.equal(entityF1([gene(0, 9), cell(4, 9)], [gene(0, 9)]), 2 / 3);
  assert.equal(entityF1([gene(0, 9)], [gene(0, 9), gene(0, 9)]), 1);
});

test('an entity of words that are not in the text is wrong, as often as it is given', () => {
  const nowhere = gene(-1, -1);
  assert.equal(entityF1([gene(0, 9)], [gene(0, 9), nowhere]), 2 / 3);
  assert.equal(entityF1([gene(0, 9)], [gene(0, 9), nowhere, nowhere]), 2 / 4);
});

test('an entity that is off by a character, or of another type, is not right', () => {
  assert.equal(entityF1([gene(0, 9)], [gene(0, 8)]), 0);
  assert.equal(entityF1([gene(0, 9)], [cell(0, 9)]), 0);
});

test('a type that nobody names has no part in macro-F1 of entities, one that is wrongly answered has 0', () => {
  const macro = (gold: readonly Span[], answer: readonly Span[]) => scores(entity, [gold], [answer])[1];
  assert.equal(macro([gene(0, 9)], [gene(0, 9)]), 1);
  assert.equal(macro([gene(0, 9)], [gene(0, 9), cell(10, 12)]), 1 / 2);
});

describe('by words', () => {
  const words = [
    [0, 3],
    [4, 6],
    [6, 7],
    [8, 12],
  ] as const;
  const ofWords = wordMeasures(['Gene', 'Cell']);
  const byWord = (gold: readonly Span[], answer: readonly Span[] | null) =>
    scores(ofWords, [{ spans: gold, words }], [answer]);

  test('a word that several spans touch is of the one that begins first, of those the longest', () => {
    const overlapping = [cell(4, 7), gene(0, 5), cell(0, 2)];
    assert.deepEqual(byWord([gene(0, 6), cell(6, 7)], overlapping), [1, 1, 1]);
  });
  test('half of a span is half of its words right, and a type that nobody names counts as 0', () => {
    assert.deepEqual(byWord([gene(0, 6)], [gene(4, 6)]), [1 / 3, 2 / 3, 0]);
  });
  test('words that are not in the text touch none', () => {
    assert.deepEqual(byWord([gene(0, 6)], [gene(0, 6), gene(-1, -1)]), [1 / 2, 1, 0]);
  });
  test('a text without an answer has all its gold words missed', () => {
    assert.deepEqual(byWord([gene(0, 6)], null), [0, 0, 0]);
  });
});

describe('a task of spans is measured by words where its entry says so', () => {
  const plain = findTask('disease-recognition');
  const task = { ...plain, measure: 'word-macro-f1' };
  const row = { id: '1', keys: {}, texts: { text: 'Swine  fever and mumps' } };
  const gold = [{ type: 'Disease', start: 0, end: 12 }];
  const answer = [{ type: 'Disease', start: 7, end: 12 }];

  test('its facts then have the places of words, and its score is that of words', () => {
    const facts = factsOf({ ...row, gold }, task);
    assert.deepEqual(facts.details, { words: [0, 5, 7, 12, 13, 16, 17, 22] });
    const { of } = evaluate(task, [facts, facts, facts], [[answer, answer, answer]]);
    assert.equal(of(mainMeasure(task).id).number, 2 / 3);
    assert.equal(of('entity-f1').number, 0);
  });
  test('a task that does not say so has facts as before, and no measure of words', () => {
    assert.equal(factsOf({ ...row, gold }, plain).details, undefined);
    assert.throws(() => findMeasure('word-macro-f1', plain), /has no measure "word-macro-f1"/);
  });
  test('rows without their words are refused', () => {
    assert.throws(
      () => evaluate(task, [factsOf({ ...row, gold }, plain)], [[answer]]),
      /row 1 comes without the words of its text\n.*measured by words \(word-macro-f1\)/,
    );
  });
});

describe('what cannot be scored is refused, with its row', () => {
  test('a type of another task', () => {
    const virus = { type: 'Virus', start: 0, end: 3 };
    assert.throws(
      () => scores(entity, [[], [virus]], [[], []]),
      /gold answer of row 2 .*\n {2}Known are Gene, Cell/,
    );
  });
  test('a span that ends before it begins, and what is no span', () => {
    assert.throws(() => scores(entity, [[gene(5, 5)]], [[]]), /start before end/);
    assert.throws(
      () => scores(entity, [[]], [['Gene']]),
      /answer of row 1 is \["Gene"\]\n {2}Give a list of spans/,
    );
  });
  test('gold spans without the words of the text, of a measure of words', () => {
    assert.throws(
      () => scores(wordMeasures(['Gene']), [[gene(0, 9)]], [[]]),
      /gold answer of row 1 .*\n {2}Give the words of the text/,
    );
  });
});
