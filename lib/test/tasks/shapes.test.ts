import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAnswer } from 'small-claims/tasks/answer';
import type { Gold } from 'small-claims/tasks/row';
import type { AnswerWords } from 'small-claims/tasks/shape';
import { shapeOf } from 'small-claims/tasks/shape-of';
import type { ShapeName, Task, TaskOf } from 'small-claims/tasks/task';
import { madeUp, SHAPES } from './made-up.js';

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);
const described = {
  ...{ name: 'made-up', title: 'Made up', question: 'what', keys: {} },
  fields: { note: { optional: false } },
};
const LABELS = ['rash', 'fever', 'high fever'];
const oneOf: TaskOf<'one-of'> = { ...described, shape: 'one-of', labels: LABELS };
const someOf: TaskOf<'some-of'> = { ...described, shape: 'some-of', labels: LABELS };
const number: TaskOf<'number'> = { ...described, shape: 'number', range: [0, 4], digits: 1 };
const spans: TaskOf<'spans'> = { ...described, shape: 'spans', types: ['Disease', 'Drug'] };
const text: TaskOf<'text'> = { ...described, shape: 'text' };
const WORDS: AnswerWords = { answers: {}, none: 'none' };

/** What a text answers; undefined where it does not keep to the form. */
const read = (task: Task, said: string, note = '', words = WORDS) =>
  shapeOf(task).read(said, { texts: { note } }, words);

for (const name of SHAPES) {
  describe(`an answer of the shape ${name}`, () => {
    test('that is written for a model is read back, and is an answer', () => {
      const seen = new Set<string>();
      for (const seed of SEEDS) {
        const { task, words, rows } = madeUp(name, seed);
        const shape = shapeOf(task);
        for (const row of rows) {
          const written = shape.write(row, words);
          seen.add(written);
          const right = name === 'text' ? written : row.gold;
          assert.deepEqual(shape.read(written, row, words), right, written);
          const parsed = parseAnswer(`<think>${written}?</think>\n${written}\n`, row, { shape, ...words });
          assert.deepEqual(parsed, { outcome: 'answered', answer: right });
        }
      }
      assert.ok(seen.size > 40, `${seen.size} different answers`);
    });

    test('is gold whether it comes as a value of JSON or as the text of a cell', () => {
      for (const seed of SEEDS) {
        const { task, rows } = madeUp(name, seed);
        const shape = shapeOf(task);
        for (const { gold } of rows) {
          assert.deepEqual(shape.gold(gold), gold);
          if (name !== 'text') assert.deepEqual(shape.gold(cellOf(name, gold)), gold);
        }
      }
    });

    test('belongs to a class that the shape knows, or to none where it knows none', () => {
      const { task, rows } = madeUp(name, 1);
      const { strata, stratum } = shapeOf(task);
      for (const { gold } of rows)
        assert.ok(strata.length === 0 ? stratum(gold) === '' : strata.includes(stratum(gold)));
    });
  });
}

/** How a table holds gold. */
function cellOf(name: ShapeName, gold: Gold): string {
  if (name === 'spans') return JSON.stringify(gold);
  return Array.isArray(gold) ? gold.join('|') : String(gold);
}

describe('one of several', () => {
  test('is the first word in the text; of two that begin at one place the longer', () => {
    assert.equal(read(oneOf, 'It is fever, not a rash.'), 'fever');
    assert.equal(read(oneOf, 'High fever'), 'high fever');
    const answers = { rash: 'Yes', fever: 'Yes, partly' };
    assert.equal(read(oneOf, 'yes, partly', '', { ...WORDS, answers }), 'fever');
    assert.equal(read(oneOf, 'Yes, it is', '', { ...WORDS, answers }), 'rash');
  });

  test('is none of them where no word stands by itself', () => {
    for (const said of ['', 'feverish', 'a crash']) assert.equal(read(oneOf, said), undefined, said);
  });

  test('may be a word with signs in it', () => {
    const answers = { rash: "Alzheimer's", fever: 'p < .05 (or so)?', 'high fever': 'A+B' };
    for (const [label, word] of Object.entries(answers))
      assert.equal(read(oneOf, `**${word}**`, '', { ...WORDS, answers }), label);
  });
});

describe('some of several', () => {
  test('are read in any order, case and often, and come in the order of the task', () => {
    assert.deepEqual(read(someOf, 'High fever; RASH, rash.'), ['rash', 'high fever']);
    assert.deepEqual(read(someOf, '\n None.\n'), []);
    assert.deepEqual(read(someOf, 'Nichts', '', { ...WORDS, none: 'nichts' }), []);
  });

  test('are not read where the line holds anything else', () => {
    for (const said of [
      'rash, cough',
      'It is rash',
      'rash fever',
      'rash,',
      'none, rash',
      '',
      'rash and fever',
    ])
      assert.equal(read(someOf, said), undefined, said);
  });
});

describe('a number', () => {
  test('stands alone on its line, with or without a full stop', () => {
    assert.deepEqual(
      ['3', '3.25', ' 0.0 ', '4.', '\n2\nbecause'].map((said) => read(number, said)),
      [3, 3.25, 0, 4, 2],
    );
  });

  test('is not read out of its range, with words, or in another form', () => {
    for (const said of ['4.1', '-1', '3 points', 'Score: 3', '3/4', '1e0', '.5', '3,5', 'three', '', 'NaN'])
      assert.equal(read(number, said), undefined, said);
  });
});

describe('spans', () => {
  const note = 'Tea for AS, as tea cures: steak and Tea, tea.';
  const drug = (start: number) => ({ type: 'Drug', start, end: start + 'tea'.length });

  test('are found one after the other where a mention is repeated: written alike, in another case, in a word', () => {
    const places = [15, 41, 0, 36, 27].map((start) => drug(start));
    assert.deepEqual(
      places.map(({ start }) => note.slice(start, start + 3)),
      ['tea', 'tea', 'Tea', 'Tea', 'tea'],
    );
    for (const count of [1, 2, 3, 4, 5])
      assert.deepEqual(read(spans, 'Drug: tea\n'.repeat(count), note), places.slice(0, count));
  });

  test('written out and read again are found where their words first stand, though gold marked a later place', () => {
    const text = 'The AS gene is lost in AS.';
    const gold = [{ type: 'Disease', start: 23, end: 25 }];
    const { write } = shapeOf(spans);
    const said = write({ id: '1', gold, keys: {}, texts: { note: text } }, WORDS);
    assert.deepEqual(read(spans, said, text), [{ type: 'Disease', start: 4, end: 6 }]);
  });

  test('take no letter twice: a mention within one that was named before is found elsewhere, or nowhere', () => {
    const said = 'Drug: tea cures\nDrug: tea\nDisease: cures';
    assert.deepEqual(read(spans, said, note), [
      { type: 'Drug', start: 15, end: 24 },
      drug(41),
      { type: 'Disease', start: -1, end: -1 },
    ]);
  });

  test('are of the word AS and not of "as"; of a word with signs in it; in a text that its lower case lengthens', () => {
    assert.deepEqual(read(spans, 'Disease: AS', 'Seen as disease: AS.'), [
      { type: 'Disease', start: 17, end: 19 },
    ]);
    assert.deepEqual(read(spans, "Disease: alzheimer's (early)", "İİ Alzheimer's (early)."), [
      { type: 'Disease', start: 3, end: 22 },
    ]);
  });

  test('that are not in the text stay in the answer, at no place', () => {
    assert.deepEqual(read(spans, 'Drug: coffee\nDrug: tea', note), [
      { type: 'Drug', start: -1, end: -1 },
      drug(15),
    ]);
  });

  test('are none where the word for none stands alone', () => {
    assert.deepEqual(read(spans, 'None.\n', note), []);
    assert.equal(read(spans, 'none\nDrug: tea', note), undefined);
  });

  test('are not read where a line has no type of the task, or no mention', () => {
    for (const said of [
      'tea',
      'Drug: tea\nAS',
      'Food: tea',
      'Drug:',
      'Drug: tea\nThat is all.',
      '',
      '- Drug: tea',
    ])
      assert.equal(read(spans, said, note), undefined, said);
  });

  test('are written in the order of the text, whatever the order of gold', () => {
    const gold = [drug(15), { type: 'Disease', start: 8, end: 10 }, drug(0)];
    const words = { ...WORDS, answers: { Drug: 'DRUG' } };
    assert.equal(
      shapeOf(spans).write({ id: '1', gold, keys: {}, texts: { note } }, words),
      'DRUG: Tea\nDisease: AS\nDRUG: tea',
    );
  });
});

describe('a text', () => {
  test('is read as it stands, and nothing is no text', () => {
    assert.equal(read(text, '  Tea.\nAnd more.\n'), 'Tea.\nAnd more.');
    assert.equal(read(text, ' \n'), undefined);
  });
});

test('gold that is none is refused by every shape', () => {
  const refused = (task: Task, ...values: readonly unknown[]) => {
    for (const value of values) assert.throws(() => shapeOf(task).gold(value), Error, JSON.stringify(value));
  };
  refused(oneOf, 'cough', 'Rash', '', 3, null, ['rash']);
  refused(someOf, 'rash, cough', ['cough'], [3], 3, null);
  refused(number, 'three', '', 4.1, '-1', null, [3], Number.NaN);
  refused(spans, [{ type: 'Food', start: 0, end: 1 }], [{ type: 'Drug', start: 2, end: 2 }], '[{}]', 3, null);
  refused(spans, [{ type: 'Drug', start: -1, end: 2 }], [{ type: 'Drug', start: 0.5, end: 2 }], ['Drug']);
  refused(text, '', ' ', [], [''], [3], 3, null);
});
