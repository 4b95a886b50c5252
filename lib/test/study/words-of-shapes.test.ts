import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mcnemarOfCounts } from 'small-claims/metrics/mcnemar';
import { type Answers, scores } from 'small-claims/metrics/measure';
import { findMeasure, mainMeasure, measuresOf } from 'small-claims/metrics/measures/measures';
import { writtenScores } from 'small-claims/metrics/measures/text';
import { mean } from 'small-claims/metrics/resampling/summed';
import type { ComparisonTest } from 'small-claims/reporting/verdict';
import { compare } from 'small-claims/study/comparison';
import { sentence } from 'small-claims/study/comparison-sentence';
import { coreRowsOf } from 'small-claims/study/core-rows';
import { coreTable } from 'small-claims/study/core-table';
import type { Gold } from 'small-claims/tasks/row';
import type { Answer } from 'small-claims/tasks/shape';
import type { ShapeName } from 'small-claims/tasks/task';
import { madeUp } from '../tasks/made-up.js';

/** Rows of a shape that no two share a key of, and answers to them of which the first `right` are right. */
function answered(shape: ShapeName, right: number) {
  const { task, rows } = madeUp(shape, 1);
  const alone = rows.map((row) => ({ ...row, keys: {} }));
  const golds = rows.map(({ gold }) => gold);
  const answers = golds.map((gold, row) => answerTo(shape, gold, golds[row < right ? row : row - 1] ?? gold));
  return { task, rows: alone, golds, answers };
}

/** The answer that gives `said`. Of a text its scores. */
function answerTo(shape: ShapeName, gold: Gold, said: Gold): Answer {
  if (shape !== 'text') return said;
  return writtenScores(
    String(Array.isArray(said) ? said[0] : said),
    Array.isArray(gold) ? gold.map(String) : [],
  );
}

/** What a table of answers says of those that are not there. */
function noteOf({ task, rows }: ReturnType<typeof answered>, answers: Answers): string {
  const recorded = rows.map(({ id }, row) => {
    const answer = answers[row] ?? null;
    return { id, answer, outcome: answer === null ? ('unparsable' as const) : ('answered' as const) };
  });
  const system = { model: { id: 'tiny', title: 'Tiny' }, method: 'zero-shot' };
  const record = { path: 'answers', sha256: 'a', rows: recorded };
  const facts = { path: 'facts', sha256: 'f', rows };
  const core = coreRowsOf(task, 'Made up', facts, [{ system, record }], { replicates: 20 });
  return (coreTable(task, core).notes ?? []).join('\n');
}

describe('what a table says of rows without an answer is what they do to its scores', () => {
  /** Of each shape the note, and answers that score as much as none. */
  const SAID = {
    'some-of': [
      'as naming no label, and as no exact match: 0 refused, 2 not in the form asked for',
      () => [],
    ],
    spans: ['as naming no span: 0 refused, 2 not in the form asked for', () => []],
    text: ['as 0: 0 refused, 2 without a text', () => writtenScores('', ['unlike'])],
    number: [
      'as the mean of the answers, or of their ranks, which draws a correlation to 0: 0 refused, 2 not in',
      (others) => mean(others.map(Number)),
    ],
  } as const satisfies Readonly<
    Record<Exclude<ShapeName, 'one-of'>, readonly [string, (others: readonly Answer[]) => Answer]>
  >;
  for (const shape of ['some-of', 'spans', 'text', 'number'] as const) {
    test(shape, () => {
      const set = answered(shape, 12);
      const lost = set.answers.map((answer, row) => (row < 2 ? null : answer));
      const [note, like] = SAID[shape];
      assert.ok(noteOf(set, lost).includes(`Unanswered rows count ${note}`), noteOf(set, lost));
      assert.equal(noteOf(set, set.answers), '');
      const instead = like(set.answers.slice(2));
      const filled = lost.map((answer) => answer ?? instead);
      // Ranks of the mean are not the mean of ranks, and an empty set may be right: of those the next tests tell.
      const measures = measuresOf(set.task).filter(
        ({ id }) => id !== 'spearman' && (shape === 'text' || id !== 'exact-match'),
      );
      assert.ok(measures.length > 0);
      const [found, wanted] = [lost, filled].map((some) => scores(measures, set.golds, some));
      for (const [index, score] of (found ?? []).entries())
        assert.ok(Math.abs(score - (wanted?.[index] ?? Number.NaN)) < 1e-12, measures[index]?.id);
    });
  }

  test('no exact match, even where no label is gold', () => {
    const { task } = madeUp('some-of', 1);
    assert.deepEqual(scores([findMeasure('exact-match', task)], [[], []], [[], null]), [1 / 2]);
  });
  test('the mean of the ranks that the other answers have among themselves, whatever the numbers', () => {
    const [pearson, spearman] = measuresOf({ shape: 'number' });
    assert.ok(pearson && spearman);
    const golds = [1, 2, 3, 4, 5];
    const [rho = 0] = scores([spearman], golds, [1, 9, null, 70, 99]);
    const [ofRanks = 1] = scores([pearson], golds, [1, 2, 2.5, 3, 4]);
    assert.ok(Math.abs(rho - ofRanks) < 1e-12, `${rho}, ${ofRanks}`);
  });
});

describe('why a test is the one is said of the measure that is compared', () => {
  const plan = {
    bootstrap: { replicates: 50, level: 0.95, seed: 1 },
    comparisons: { level: 0.95, margin: 0.03, correction: 'holm' as const },
  };
  const compared = (shape: ShapeName, id?: string) => {
    const { task, rows, answers } = answered(shape, 16);
    const [a, b] = [
      { name: 'Good', predicted: [answers] },
      { name: 'Poor', predicted: [answered(shape, 2).answers] },
    ];
    const measure = id ?? mainMeasure(task).id;
    return compare({ id: 'a-b', on: 'made-up rows', task, rows, a, b, measure, sources: [] }, plan);
  };

  for (const shape of ['some-of', 'text'] as const) {
    test(`exact match of ${shape} counts rows: McNemar's test`, () => {
      const { test: found } = compared(shape, 'exact-match');
      assert.equal(found.method, 'mid-p McNemar test over 20 rows');
      assert.equal(found.reason, 'exact match counts rows, and no two of them are linked');
      const { golds, answers } = answered(shape, 16);
      const measure = findMeasure('exact-match', answered(shape, 16).task);
      const right = (some: Answers) =>
        golds.map((gold, row) => scores([measure], [gold], [some[row] ?? null])[0] === 1);
      const [ours, theirs] = [right(answers), right(answered(shape, 2).answers)];
      const only = (one: readonly boolean[], other: readonly boolean[]) =>
        one.filter((each, row) => each && !other[row]).length;
      assert.ok(only(ours, theirs) > 5);
      assert.equal(found.p, mcnemarOfCounts(only(ours, theirs), only(theirs, ours)).midP);
    });
  }
  test('ROUGE is a mean over rows, of scores', () => {
    const { method, reason } = compared('text').test;
    assert.equal(method, 'studentised approximate randomisation over 20 rows');
    assert.equal(
      reason,
      "ROUGE-L is a mean of rows' scores, and counts none as right, and no two rows are linked",
    );
  });
  test('correlations and F1 are no means over rows', () => {
    assert.match(compared('number').test.reason, /^Pearson correlation is no mean over rows, and/);
    assert.match(compared('spans').test.reason, /^entity F1 is no mean over rows, and/);
  });

  test('a difference of shares is one of points, and one of correlations is not', () => {
    const said = (found: ReturnType<typeof compared>) => {
      const { equivalence, ...rest } = found.test;
      const family: ComparisonTest = {
        ...rest,
        equivalence,
        corrected: rest.p,
        correction: 'holm',
        family: 1,
      };
      return sentence(found, family);
    };
    assert.match(said(compared('spans')), /: \+\d+\.\d points of entity F1 \(95% CI \+?\d/);
    assert.match(said(compared('number')), /: \d\.\d\d of Pearson correlation \(95% CI −?\d\.\d\d/);
  });
});
