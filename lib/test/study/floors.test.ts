import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { recordedFacts } from 'small-claims/datasets/facts';
import { openRecords } from 'small-claims/records/store';
import { floorRows } from 'small-claims/study/core-rows';
import { openStudy } from 'small-claims/study/study';
import { floorsOf } from 'small-claims/study/systems/floors';
import { answersThere, type TestSet } from 'small-claims/study/systems/system';
import { z } from 'zod';
import { lines, ownProject } from '../datasets/own-data.js';
import { expected } from '../reference/expected.js';

const answer = z.union([
  z.string(),
  z.number(),
  z.array(z.string()),
  z.array(z.strictObject({ type: z.string(), start: z.number(), end: z.number() })),
]);
const rows = z.array(z.record(z.string(), answer));
const ofShape = z.object({
  train: rows,
  test: rows,
  floors: z.array(
    z.object({ title: z.string(), answers: z.array(answer), scores: z.record(z.string(), z.number()) }),
  ),
});
const SHAPES = {
  'one-of': { labels: ['maybe', 'no', 'yes'], fields: { question: {}, context: {} } },
  'some-of': { labels: ['pain', 'rash', 'sleep'], fields: { note: {} } },
  number: { range: [0, 4], fields: { first: {}, second: {} } },
  spans: { types: ['Drug', 'Illness'], fields: { text: {} } },
  text: { fields: { note: {} } },
} as const;
type Shape = keyof typeof SHAPES;
const NAMES = ['one-of', 'some-of', 'number', 'spans', 'text'] as const satisfies readonly Shape[];
const reference = expected('floors', z.record(z.enum(NAMES), ofShape));

const set: TestSet = {
  ...{ title: 'Mine', dataset: 'Mine', prompt: 'none' },
  ...{ train: 'mine/rows/train', test: 'mine/rows/test' },
};

/** The project of the invented data of a shape. */
function projectOf(shape: Shape) {
  const { fields } = SHAPES[shape];
  const named = Object.fromEntries(Object.keys(fields).map((field) => [field, field]));
  const file = (some: z.infer<typeof rows>) => lines(...some.map((row) => JSON.stringify(row)));
  const { train, test: tried } = reference[shape];
  return ownProject({
    task: { shape, ...SHAPES[shape] },
    entry: {
      columns: { gold: 'gold', fields: named },
      splits: { train: 'train.jsonl', test: 'test.jsonl' },
    },
    files: { 'train.jsonl': file(train), 'test.jsonl': file(tried) },
  });
}

/** A study of the only test set of a project, with its floors. */
function studyOf(shape: Shape) {
  const paths = projectOf(shape);
  const study = openStudy('small');
  return {
    ...{ paths, plan: { ...study.plan, bootstrap: { ...study.plan.bootstrap, replicates: 100 } } },
    floors: (one: TestSet) => floorsOf(one, one.train, paths),
    answered: (...[system, one]: Parameters<typeof study.answered>) => answersThere(system, one, paths),
  };
}

describe('floors, of whatever shape and with labels that training lacks, answer and score as references do', () => {
  for (const shape of NAMES) {
    test(shape, async () => {
      const { floors } = reference[shape];
      const found = await floorRows(studyOf(shape), set);
      assert.deepEqual(
        found.map(({ model, method }) => [model, method]),
        floors.map(({ title }) => [title, 'floor']),
      );
      for (const [index, { title, answers, scores }] of floors.entries()) {
        const [said = []] = found[index]?.predicted ?? [];
        if (shape === 'number') {
          for (const [row, wanted] of answers.entries())
            assert.ok(Math.abs(Number(said[row]) - Number(wanted)) < 1e-12, `${title}: ${row}`);
        } else assert.deepEqual(said, answers, title);
        assert.ok(Object.keys(scores).length > 0);
        for (const [id, score] of Object.entries(scores)) {
          const number = found[index]?.scores.of(id).number ?? Number.NaN;
          assert.ok(Math.abs(number - score) < 1e-9, `${title}: ${id} is ${number}, not ${score}`);
        }
      }
    });
  }

  test('a label that training lacks has probability 0, in the record too', async () => {
    const study = studyOf('one-of');
    const words = study.floors(set).find(({ model }) => model.title === 'Word classifier');
    assert.ok(words);
    for (const origin of ['computed', 'replayed'] as const) {
      const found = await study.answered(words, set);
      assert.equal(found?.origin, origin);
      for (const row of found.rows) {
        assert.ok('logprobs' in row);
        const [maybe = Number.NaN, no = Number.NaN, yes = Number.NaN] = row.logprobs.map(Math.exp);
        assert.equal(maybe, 0);
        assert.ok(Math.abs(no + yes - 1) < 1e-5 && no > 0 && yes > 0);
      }
    }
  });
});

describe('of the test set too a floor says', () => {
  for (const shape of NAMES.filter((each) => each !== 'text')) {
    test(`which records its answers are worked out of, and what it lacks without them: ${shape}`, async () => {
      const { paths, floors, answered } = studyOf(shape);
      const records = openRecords(paths);
      rmSync(join(paths.raw, 'mine', 'test.jsonl'));
      for (const floor of floors(set)) {
        const there = () => floor.records(set).every(({ header, name }) => records.find(header, name));
        assert.ok(!there(), floor.model.title);
        assert.deepEqual(floor.missing(set), ['the data file mine/test.jsonl (make data, or DATA_MIRROR)']);
        // Rows of training are tried on themselves, so that nothing is missing.
        const own = { ...set, test: set.train };
        assert.deepEqual(floor.missing(own), []);
        await answered(floor, own);
        assert.ok(floor.records(own).every(({ header, name }) => records.find(header, name)));
        assert.ok(!there(), floor.model.title);
      }
      assert.equal(recordedFacts(set.test, paths), undefined);
    });
  }
});
