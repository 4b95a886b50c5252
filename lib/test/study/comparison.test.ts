import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mcnemar } from 'small-claims/metrics/mcnemar';
import { scores } from 'small-claims/metrics/measure';
import { findMeasure } from 'small-claims/metrics/measures/measures';
import { corrected } from 'small-claims/metrics/multiplicity';
import { randomStream } from 'small-claims/project/random';
import {
  type ComparisonTest,
  supports,
  VERDICTS,
  type Verdict,
  verdictOf,
} from 'small-claims/reporting/verdict';
import { type Comparison, compare } from 'small-claims/study/comparison';
import { sentence } from 'small-claims/study/comparison-sentence';
import { familiesOf } from 'small-claims/study/families';
import { findTask } from 'small-claims/tasks/task';
import { LABELS, type Label } from '../metrics/labels.js';
import { claimFacts } from '../tasks/claim-row.js';

const random = randomStream('test: comparison', 1);
const task = findTask('claim-verification');
const rows = Array.from({ length: 240 }, (_, index) =>
  claimFacts(String(index), LABELS[random.below(3)] ?? 'NEI', `claim ${Math.floor(index / 2)}`),
);
/** Predictions that are right with this chance. */
const system = (name: string, share: number) => ({
  name,
  predicted: [
    rows.map(({ gold }): Label => (random.next() < share ? gold : (LABELS[random.below(3)] ?? 'NEI'))),
  ],
});
const plan = {
  bootstrap: { replicates: 500, level: 0.95, seed: 1 },
  comparisons: { level: 0.95, margin: 0.03, correction: 'holm' as const },
};
const golds = rows.map(({ gold }) => gold);
const scoreOf = (measure: string, answers: readonly Label[]) =>
  scores([findMeasure(measure, task)], golds, answers)[0] ?? Number.NaN;
const [good, poor] = [system('Good', 0.9), system('Poor', 0.3)];
const of = (a: Comparison['a'], b: Comparison['b']) => {
  const found = compare({ id: 'a-b', on: 'a test', task, rows, a, b, sources: [] }, plan);
  const { p } = found.test;
  const { equivalence } = found.test;
  const test: ComparisonTest = {
    ...found.test,
    corrected: p,
    equivalence: { ...equivalence, corrected: equivalence.p },
    correction: 'holm',
    family: 1,
  };
  return { ...found, test };
};

test('rows of a claim are exchanged whole, and the sentence says effect, interval, p and n', () => {
  const found = of(good, poor);
  assert.equal(
    found.test.method,
    'studentised approximate randomisation over 120 groups of rows linked by claims or documents',
  );
  assert.match(
    sentence(found, found.test),
    /^Good outperforms Poor on a test: \+\d+\.\d points of macro-F1 \(95% CI \+.* to \+.*\), standard error \d\.\d points, least difference found in 80 of 100 cases \d+\.\d points, p <0\.001 by studentised approximate randomisation over 120 groups .*, corrected over 1 p <0\.001, n = 240; this test, since macro-F1 is no mean over rows, and linked rows are not independent$/,
  );
});

test('of several seeds the mean is compared, and the sentence says so', () => {
  const seeds = [0.9, 0.8].flatMap((share) => system('', share).predicted);
  const found = of({ name: 'Trained', predicted: seeds }, poor);
  const [one = 0, other = 0, less = 0] = [...seeds, ...poor.predicted].map((each) =>
    scoreOf('macro-f1', each),
  );
  assert.ok(Math.abs(found.difference - ((one + other) / 2 - less)) < 1e-12);
  assert.match(sentence(found, found.test), /, n = 240, mean over 2 seeds; this test, since macro-F1/);
});

test('primary comparisons are corrected over all that are named, here or not, and the others apart', () => {
  const plan = { primary: ['a', 'b', 'elsewhere'], correction: 'holm' as const };
  const [primary, exploratory] = familiesOf(['x', 'a', 'y', 'b'], plan);
  assert.deepEqual(primary, { role: 'primary', correction: 'holm', size: 3, places: [1, 3] });
  assert.deepEqual(exploratory?.places, [0, 2]);
  assert.equal(exploratory?.correction, 'benjamini-hochberg');
  assert.deepEqual(corrected([0.01, 0.02], 'holm', 3), [0.03, 0.04]);
  assert.equal(familiesOf(['x', 'y'], { correction: 'holm' }).length, 1);
});

test('two systems match only where two equal ones would be found within the margin', () => {
  const test = { ...of(good, poor).test, corrected: 0.9, p: 0.9 };
  const equivalence = { margin: 0.03, p: 0.01, corrected: 0.01 };
  assert.ok(supports('matches', 0, { ...test, equivalence: { ...equivalence, power: 0.9 } }));
  assert.ok(!supports('matches', 0, { ...test, equivalence: { ...equivalence, power: 0.7 } }));
});

describe('the test is the one that fits the score and the rows', () => {
  const alone = rows.map(({ id, gold }) => claimFacts(id, gold, `claim ${id}`));
  const tested = (measure: string, some: typeof rows) =>
    compare({ id: 'a-b', on: 'a test', task, rows: some, a: good, b: poor, measure, sources: [] }, plan).test;

  test("accuracy on rows of their own: McNemar's, by its mid-p", () => {
    const { method, reason, p } = tested('accuracy', alone);
    assert.equal(method, 'mid-p McNemar test over 240 rows');
    assert.equal(reason, 'accuracy counts rows, and no two of them are linked');
    const [ours = [], theirs = []] = [...good.predicted, ...poor.predicted];
    assert.equal(p, mcnemar(golds, ours, theirs).midP);
  });
  test('accuracy on linked rows: randomisation of whole groups, as rows of a group are not independent', () => {
    const { method, reason } = tested('accuracy', rows);
    assert.match(method, /^studentised approximate randomisation over 120 groups/);
    assert.equal(reason, 'linked rows are not independent');
  });
  test('F1, which is no mean over rows: randomisation, of rows where no two are linked', () => {
    for (const [id, title] of [
      ['macro-f1', 'macro-F1'],
      ['f1-nei', 'F1 of NEI'],
    ] as const) {
      const { method, reason } = tested(id, alone);
      assert.equal(method, 'studentised approximate randomisation over 240 rows');
      assert.equal(reason, `${title} is no mean over rows, and no two rows are linked`);
    }
  });
  test('accuracy of several seeds: randomisation, since McNemar counts rows that one system has right', () => {
    const twice = { name: 'Twice', predicted: [...good.predicted, ...poor.predicted] };
    const { test: found } = compare(
      { id: 'a-b', on: 'a test', task, rows: alone, a: twice, b: poor, measure: 'accuracy', sources: [] },
      plan,
    );
    assert.equal(found.method, 'studentised approximate randomisation over 240 rows');
    assert.equal(found.reason, 'a row has a prediction for each seed, and no two rows are linked');
  });
  test('a difference is one of the measure that is asked for', () => {
    for (const measure of ['f1-nei', 'macro-f1', 'accuracy']) {
      const compared = { id: 'a-b', on: 'a test', task, rows, a: good, b: poor, measure, sources: [] };
      const [ours = 0, theirs = 0] = [...good.predicted, ...poor.predicted].map((each) =>
        scoreOf(measure, each),
      );
      assert.equal(compare(compared, plan).difference, ours - theirs);
    }
  });
});

test('a match is told with the test of equivalence behind it', () => {
  const same = of(good, good);
  assert.match(
    sentence(same, same.test),
    /^Good matches Good .* p = 0\.026 of a difference beyond 3\.0 points by two one-sided tests, corrected p = 0\.026, n = 240/,
  );
});

describe('a verdict is supported by its own test alone', () => {
  const supported = (found: ReturnType<typeof of>) =>
    (['outperforms', 'is outperformed by', 'matches', 'does not differ from'] as const).filter(
      (verdict: Verdict) => supports(verdict, found.difference, found.test),
    );
  test('a clear difference, either way round', () => {
    assert.deepEqual(supported(of(good, poor)), ['outperforms']);
    assert.deepEqual(supported(of(poor, good)), ['is outperformed by']);
    assert.equal(verdictOf(of(poor, good).difference, of(poor, good).test), 'is outperformed by');
  });
  test('a system and itself', () => {
    assert.deepEqual(supported(of(good, good)), ['matches', 'does not differ from']);
  });
  test('two noisy systems of one quality: no difference is found, and none is ruled out', () => {
    assert.deepEqual(supported(of(system('One', 0.5), system('Other', 0.5))), ['does not differ from']);
  });
});

describe('what could not be tested', () => {
  const linked = rows.map(({ id, gold }) => claimFacts(id, gold, 'one claim'));
  const asked = { id: 'a-b', on: 'a test', a: good, b: poor, sources: [] };
  const judged = ({ test }: ReturnType<typeof compare>): ComparisonTest => ({
    ...test,
    corrected: test.p,
    correction: 'holm',
    family: 1,
  });

  test('rows that are all linked: the difference is told, with no interval, no p and no verdict', () => {
    const found = compare({ ...asked, task, rows: linked }, plan);
    const [ours = 0, theirs = 0] = [...good.predicted, ...poor.predicted].map((each) =>
      scoreOf('macro-f1', each),
    );
    assert.deepEqual([found.difference, found.interval], [ours - theirs, undefined]);
    assert.match(
      sentence(found, judged(found)),
      /^Good and Poor on a test: \+\d+\.\d points of macro-F1, n = 240; no test, since all rows together are one of the groups of rows linked by claims or documents, which says nothing of how others would score$/,
    );
    assert.ok(VERDICTS.every((verdict) => !supports(verdict, found.difference, judged(found))));
  });

  test('a correlation with answers that are all equal', () => {
    const golds = [0, 1, 2, 3, 4, 2];
    const similar = golds.map((gold, index) => ({ id: `${index}`, gold, keys: {} }));
    const found = compare(
      {
        ...asked,
        task: findTask('sentence-similarity'),
        rows: similar,
        a: { name: 'Model', predicted: [golds] },
        b: { name: 'Mean', predicted: [golds.map(() => 2)] },
      },
      plan,
    );
    assert.equal(
      sentence(found, judged(found)),
      'Model and Mean on a test: 1.00 of Pearson correlation, n = 6; no test, since a score is not defined on these rows: all gold numbers or all answers are equal',
    );
    assert.match(
      found.note ?? '',
      /^no interval, since it is not defined in 500 of 500 replicates, where all/,
    );
  });
});
