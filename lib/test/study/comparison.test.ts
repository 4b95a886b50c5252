import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mcnemar } from 'small-claims/metrics/mcnemar';
import { scores } from 'small-claims/metrics/scores';
import { randomStream } from 'small-claims/project/random';
import { type ComparisonTest, supports, type Verdict, verdictOf } from 'small-claims/reporting/verdict';
import { compare, type System, sentence } from 'small-claims/study/comparison';
import type { Score } from 'small-claims/study/difference-test';
import type { Label } from 'small-claims/tasks/example';
import { claimFacts } from '../tasks/claim-row.js';

const random = randomStream('test: comparison', 1);
const LABELS = ['SUPPORT', 'CONTRADICT', 'NEI'] as const;
const rows = Array.from({ length: 240 }, (_, index) =>
  claimFacts(String(index), LABELS[random.below(3)] ?? 'NEI', `claim ${Math.floor(index / 2)}`),
);
/** Predictions that are right with this chance. */
const system = (name: string, share: number) => ({
  name,
  predicted: rows.map(
    ({ gold }): Label => (random.next() < share ? gold : (LABELS[random.below(3)] ?? 'NEI')),
  ),
});
const plan = {
  bootstrap: { replicates: 500, level: 0.95, seed: 1 },
  comparisons: { level: 0.95, margin: 0.03, correction: 'holm' as const },
};
const [good, poor] = [system('Good', 0.9), system('Poor', 0.3)];
const of = (a: System, b: System) => {
  const found = compare({ id: 'a-b', on: 'a test', rows, a, b, sources: [] }, plan);
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
    'paired approximate randomisation over 120 groups of rows linked by claims or documents',
  );
  assert.match(
    sentence(found, found.test),
    /^Good outperforms Poor on a test: \+\d+\.\d points of macro-F1 \(95% CI \+.* to \+.*\), p <0\.001 by paired approximate randomisation over 120 groups .*, corrected over 1 p <0\.001, n = 240; this test, since macro-F1 is no mean over rows, and linked rows are not independent$/,
  );
});

test('of several seeds the mean is compared, and the sentence says so', () => {
  const seeds = [0.9, 0.8].map((share) => system('', share).predicted);
  const found = of({ name: 'Trained', predicted: seeds }, poor);
  const macroF1 = (predicted: readonly Label[]) =>
    scores(
      rows.map(({ gold }) => gold),
      predicted,
    ).macroF1;
  const [one = 0, other = 0] = seeds.map(macroF1);
  assert.ok(Math.abs(found.difference - ((one + other) / 2 - macroF1(poor.predicted))) < 1e-12);
  assert.match(sentence(found, found.test), /, n = 240, mean over 2 seeds; this test, since macro-F1/);
});

describe('the test is the one that fits the score and the rows', () => {
  const alone = rows.map(({ id, gold }) => claimFacts(id, gold, `claim ${id}`));
  const tested = (score: Score, some: typeof rows) =>
    compare({ id: 'a-b', on: 'a test', rows: some, a: good, b: poor, score, sources: [] }, plan).test;
  const labels = [rows.map(({ gold }) => gold), good.predicted, poor.predicted] as const;

  test("accuracy on rows of their own: McNemar's, by its mid-p", () => {
    const { method, reason, p } = tested('accuracy', alone);
    assert.equal(method, 'mid-p McNemar test over 240 rows');
    assert.equal(reason, 'accuracy counts rows, and no two of them are linked');
    assert.equal(p, mcnemar(...labels).midP);
  });
  test('accuracy on linked rows: randomisation of whole groups, as rows of a group are not independent', () => {
    const { method, reason } = tested('accuracy', rows);
    assert.match(method, /^paired approximate randomisation over 120 groups/);
    assert.equal(reason, 'linked rows are not independent');
  });
  test('F1, which is no mean over rows: randomisation, of rows where no two are linked', () => {
    for (const score of ['macro-F1', 'F1 of NEI'] as const) {
      const { method, reason } = tested(score, alone);
      assert.equal(method, 'paired approximate randomisation over 240 rows');
      assert.equal(reason, `${score} is no mean over rows, and no two rows are linked`);
    }
  });
  test('accuracy of several seeds: randomisation, since McNemar counts rows that one system has right', () => {
    const twice = { name: 'Twice', predicted: [good.predicted, poor.predicted] };
    const { test: found } = compare(
      { id: 'a-b', on: 'a test', rows: alone, a: twice, b: poor, score: 'accuracy', sources: [] },
      plan,
    );
    assert.equal(found.method, 'paired approximate randomisation over 240 rows');
    assert.equal(found.reason, 'a row has a prediction for each seed, and no two rows are linked');
  });
  test('a difference is one of the score that is asked for', () => {
    const of = (score: Score) =>
      compare({ id: 'a-b', on: 'a test', rows, a: good, b: poor, score, sources: [] }, plan).difference;
    const [ours, theirs] = [good, poor].map(({ predicted }) => scores(labels[0], predicted));
    assert.ok(ours && theirs);
    assert.equal(of('F1 of NEI'), ours.labels.NEI.f1 - theirs.labels.NEI.f1);
    assert.equal(of('macro-F1'), ours.macroF1 - theirs.macroF1);
    assert.equal(of('accuracy'), ours.accuracy - theirs.accuracy);
  });
});

test('a match is told with the test of equivalence behind it', () => {
  const same = of(good, good);
  assert.match(
    sentence(same, same.test),
    /^Good matches Good .* p <0\.001 of a difference beyond 3\.0 points by two one-sided tests, corrected p <0\.001, n = 240/,
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
