import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { estimates } from 'small-claims/metrics/estimates';
import { type Answers, scores, summed } from 'small-claims/metrics/measure';
import { findMeasure, type Measured, mainMeasure, measuresOf } from 'small-claims/metrics/measures/measures';
import { intervals } from 'small-claims/metrics/resampling/bootstrap';
import { allUnits, sampleOf } from 'small-claims/metrics/resampling/summed';
import { randomStream } from 'small-claims/project/random';
import { measureIds } from 'small-claims/tasks/measure-ids';
import type { Gold } from 'small-claims/tasks/row';
import { shapeOf } from 'small-claims/tasks/shape-of';
import type { Task } from 'small-claims/tasks/task';
import { intervalOf, near } from '../near.js';

const random = randomStream('test: measures', 1);
const NAMES = ['a', 'b', 'c'];
const ROWS = 30;
const name = () => NAMES[random.below(3)] ?? 'a';
const span = () => ({ type: name(), start: random.below(2), end: 2 + random.below(2) });
const some = <T>(make: () => T) => Array.from({ length: random.below(4) }, make);
const rows = <T>(make: () => T) => Array.from({ length: ROWS }, make);
const orNull = <T>(make: () => T) => rows(() => (random.next() < 0.1 ? null : make()));
const written = () => Object.fromEntries(measuresOf({ shape: 'text' }).map(({ id }) => [id, random.next()]));

const TASKS: readonly {
  readonly task: Measured;
  readonly golds: readonly Gold[];
  readonly answers: Answers;
}[] = [
  { task: { shape: 'one-of', labels: NAMES }, golds: rows(name), answers: orNull(name) },
  {
    task: { shape: 'some-of', labels: NAMES },
    golds: rows(() => some(name)),
    answers: orNull(() => some(name)),
  },
  {
    task: { shape: 'number' },
    golds: rows(() => random.below(5)),
    answers: orNull(() => random.below(5) / 3),
  },
  {
    task: { shape: 'spans', types: NAMES },
    golds: rows(() => some(span)),
    answers: orNull(() => some(span)),
  },
  { task: { shape: 'text' }, golds: rows(() => [name()]), answers: orNull(written) },
];

for (const { task, golds, answers } of TASKS) {
  const measures = measuresOf(task);
  describe(`of a task of the shape ${task.shape}`, () => {
    test('every measure scores rows drawn with repeats as if they had been written out', () => {
      const sample = sampleOf(summed(measures, golds, answers));
      const drawn = new Int32Array(ROWS);
      for (let replicate = 0; replicate < 20; replicate++) {
        random.fillBelow(drawn, ROWS);
        const repeated = [...drawn];
        const found = sample.of(drawn);
        near(
          found,
          scores(
            measures,
            repeated.flatMap((row) => golds.slice(row, row + 1)),
            repeated.map((row) => answers[row] ?? null),
          ),
          1e-9,
        );
        assert.ok(found.some((score) => score !== 0));
      }
    });

    test('no measure is defined of no row, and rows that are all unanswered score 0', () => {
      const { vectors, of } = summed(measures, golds, answers);
      assert.ok(of(new Float64Array(vectors.width)).every(Number.isNaN));
      const unanswered = golds.map(() => null);
      near(
        scores(measures, golds, unanswered),
        measures.map(() => 0),
      );
    });

    test('the interval of a measure is the same alone and among the others', () => {
      const together = estimates(measures, golds, [answers], { replicates: 200 });
      for (const measure of measures) {
        const alone = intervalOf(intervals(summed([measure], golds, answers), { replicates: 200 })[0]);
        assert.ok(alone.low < alone.high);
        const { low, high } = intervalOf(together.of(measure.id));
        near([low, high], [alone.low, alone.high]);
      }
    });

    test('an evaluation of one list of answers has the scores that these have', () => {
      const { n, seeds, of } = estimates(measures, golds, [answers], { replicates: 10 });
      assert.deepEqual([n, seeds], [ROWS, 1]);
      near(
        measures.map(({ id }) => of(id).number),
        scores(measures, golds, answers),
      );
    });

    test('no two measures share an id', () => {
      assert.equal(new Set(measures.map(({ id }) => id)).size, measures.length);
    });
  });
}

test('every measure that a shape is said to have is one of its measures', () => {
  const described = { name: 'a-task', title: 'A task', question: 'what is it', fields: {}, keys: {} };
  const tasks: readonly Task[] = [
    { ...described, shape: 'one-of', labels: NAMES },
    { ...described, shape: 'some-of', labels: NAMES },
    { ...described, shape: 'number', range: [0, 1], digits: 1 },
    { ...described, shape: 'spans', types: NAMES },
    { ...described, shape: 'text' },
  ];
  for (const task of tasks) {
    const { measures } = shapeOf(task);
    assert.equal(mainMeasure(task).id, measures[0]);
    for (const id of measures) assert.equal(findMeasure(id, task).id, id);
    const measure = measures.at(-1);
    assert.ok(measure);
    assert.equal(mainMeasure({ ...task, measure }).id, measure);
  }
});

test('measures of several families are drawn together', () => {
  const [numbers] = TASKS.filter(({ task }) => task.shape === 'number');
  assert.ok(numbers);
  const [pearson, spearman] = measuresOf(numbers.task);
  assert.ok(pearson && spearman && pearson.family !== spearman.family);
  const sample = sampleOf(summed([spearman, pearson], numbers.golds, numbers.answers));
  near(sample.of(allUnits(sample)), scores([spearman, pearson], numbers.golds, numbers.answers));
});

test('each label has an id of its own, which is itself where it is made of letters and digits', () => {
  const idsOf = (...labels: string[]) =>
    measuresOf({ shape: 'one-of', labels })
      .slice(3)
      .map(({ id }) => id.replace(/^f1-/, ''));
  assert.deepEqual(idsOf('+', '-', 'Not sure'), ['1', '2', 'not-sure']);
  assert.deepEqual(idsOf('-1', '0', '1'), ['1-1', '0', '1']);
  assert.deepEqual(idsOf('?', '1', '!', 'yes', 'Yes'), ['1-1', '1', '3', 'yes', 'yes-5']);
  const random = randomStream('test: ids of labels', 1);
  const signs = ['1', '2', '-', '+', ' ', 'a', 'A', 'ä'];
  for (let repetition = 0; repetition < 200; repetition++) {
    const drawn = () => Array.from({ length: 1 + random.below(3) }, () => signs[random.below(signs.length)]);
    const labels = [...new Set(Array.from({ length: 12 }, () => drawn().join('')))];
    const ids = idsOf(...labels);
    assert.equal(new Set(ids).size, labels.length, labels.join('|'));
    for (const [index, label] of labels.entries())
      if (/^[12aä]+$/.test(label)) assert.equal(ids[index], label);
  }
});

test('a measure is found by its id, and one that a task has not is refused with those it has', () => {
  const task = { shape: 'one-of', labels: ['SUPPORT', 'not enough info'] } as const;
  assert.equal(findMeasure('f1-not-enough-info', task).title, 'F1 of not enough info');
  const entry = { name: 'notes', title: 'Notes', question: 'what', fields: {}, keys: {}, measure: 'rouge-m' };
  assert.throws(
    () => mainMeasure({ ...entry, shape: 'text' }),
    /data\/tasks\.yaml: notes\.measure: .*no measure "rouge-m"\n.*nearest is "rouge-/,
  );
  assert.throws(
    () => findMeasure('pearson', task),
    /no measure "pearson"\n {2}Known: accuracy, macro-f1, micro-f1, f1-support/,
  );
});

test('a measure that was not asked for has no score', () => {
  const [first] = TASKS;
  assert.ok(first);
  const { of } = estimates(measuresOf(first.task), first.golds, [first.answers], { replicates: 5 });
  assert.throws(() => of('pearson'), /pearson was not measured\n {2}Measured: accuracy/);
});

test('a task may name each measure that is computed, and no other', () => {
  for (const { task } of TASKS) {
    const named = measureIds(task);
    const by = (measure: string) => (task.shape === 'spans' ? { ...task, measure } : task);
    const computed = new Set(named.flatMap((measure) => measuresOf(by(measure)).map(({ id }) => id)));
    assert.deepEqual(computed, new Set(named), task.shape);
    for (const measure of named) assert.equal(findMeasure(measure, by(measure)).id, measure);
  }
});
