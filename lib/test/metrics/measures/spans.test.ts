import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { scores } from 'small-claims/metrics/measure';
import { entityMeasures, wordLabels, wordMeasures } from 'small-claims/metrics/measures/spans';
import type { Span } from 'small-claims/tasks/row';
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
        each,
        byWord: z.object({ macro: z.number(), each }),
      }),
    ),
  }),
);

describe('F1 of entities, pooled and of each type, equals that of seqeval on IOB2', () => {
  const measures = entityMeasures(reference.types).filter(({ id }) => id !== 'entity-macro-f1');
  for (const { name, gold, answers, micro, each } of reference.spans) {
    test(name, () => near(scores(measures, gold, answers), [micro, ...each]));
  }
});

describe('F1 of the labels of words, macro and of each type, equals that of scikit-learn without O', () => {
  const measures = wordMeasures(reference.types);
  for (const { name, words, gold, answers, byWord } of reference.spans) {
    test(name, () => {
      const labelled = words.map((each, row) => wordLabels(gold[row] ?? [], each));
      const answered = words.map((each, row) => {
        const found = answers[row];
        return found ? wordLabels(found, each) : null;
      });
      near(scores(measures, labelled, answered), [byWord.macro, ...byWord.each]);
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

test('macro-F1 of entities is the mean over types, those that nobody names included', () => {
  const [, macro] = scores(entity, [[gene(0, 9)]], [[gene(0, 9)]]);
  assert.equal(macro, 1 / 2);
});

test('a word that several spans touch has the label of the one that begins first, of those the longest', () => {
  const words = [
    [0, 3],
    [4, 6],
    [6, 7],
    [8, 12],
  ] as const;
  assert.deepEqual(wordLabels([cell(4, 7), gene(0, 5), cell(0, 2)], words), ['Gene', 'Gene', 'Cell', 'O']);
  assert.deepEqual(wordLabels([], words), ['O', 'O', 'O', 'O']);
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
  test('labels of other words than those of gold', () => {
    assert.throws(
      () => scores(wordMeasures(['Gene']), [['Gene', 'O']], [['Gene']]),
      /as many as the text has words/,
    );
  });
});
