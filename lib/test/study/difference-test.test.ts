import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findMeasure } from 'small-claims/metrics/measures/measures';
import { randomisationTest } from 'small-claims/metrics/paired-tests';
import { randomStream } from 'small-claims/project/random';
import { differenceTest } from 'small-claims/study/difference-test';
import { LABELS, type Label, macroF1 } from '../metrics/labels.js';

const random = randomStream('test: difference test', 1);
const any = (): Label => LABELS[random.below(3)] ?? 'NEI';
const rows = Array.from({ length: 240 }, (_, row) => row);
const golds = rows.map(any);
/** Right in 60 of 100 rows; NEI is given in the first so many of the 40 groups. */
const system = (groups: number) =>
  golds.map((gold, row): Label => {
    const answer = random.next() < 0.6 ? gold : any();
    return answer === 'NEI' && row % 40 >= groups ? 'SUPPORT' : answer;
  });
const clusters = { name: 'groups', keys: rows.map((row) => String(row % 40)) };
const [full, rare, none] = [system(40), system(4), system(0)];
const tested = (theirs: readonly Label[], measure = macroF1, among = clusters) =>
  differenceTest({ measure, golds, ours: [full], theirs: [theirs] }, { clusters: among, seed: 1 });

describe('where a system gives a label in fewer than ten of few groups', () => {
  for (const [name, theirs] of [
    ['in four', rare],
    ['in none', none],
  ] as const) {
    test(`${name}, the reason says so, and what p plain exchanges have`, () => {
      const compared = { measure: macroF1, golds, ours: [full], theirs: [theirs] };
      const [studentised, plain] = (['studentised', 'difference'] as const).map(
        (statistic) => randomisationTest(compared, { clusters, seed: 1, statistic }).p,
      );
      const { p, reason } = tested(theirs);
      assert.equal(p, studentised);
      const [, found = ''] =
        /a system gives NEI in fewer than 10 of these few groups \(by plain exchanges p [=<] ?([\d.]+)\)/.exec(
          reason,
        ) ?? [];
      assert.ok(Math.abs(Number(found) - (plain ?? 1)) <= 0.001, reason);
    });
  }
});

test('not where labels are given in many groups, groups are many, or right answers are counted', () => {
  const alone = { name: 'rows', keys: rows.map(String) };
  const accuracy = findMeasure('accuracy', { shape: 'one-of', labels: LABELS });
  for (const found of [tested(system(40)), tested(rare, macroF1, alone), tested(rare, accuracy)])
    assert.doesNotMatch(found.reason, /few groups/);
});
