import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Grouping, groupsOf, sharedKeys } from 'small-claims/datasets/group';
import { split } from 'small-claims/datasets/split';
import { drawInProportion, proportionalCounts } from 'small-claims/datasets/stratified';
import { randomStream } from 'small-claims/project/random';
import type { RowFacts } from 'small-claims/tasks/row';
import { shapeOf } from 'small-claims/tasks/shape-of';
import { findTask } from 'small-claims/tasks/task';
import { LABELS } from '../metrics/labels.js';
import { claimFacts } from '../tasks/claim-row.js';

const GROUPINGS: readonly Grouping[] = ['row', 'claim', 'evidence', 'all'];
const stratify = shapeOf(findTask('claim-verification'));

/** Rows about topics, with five claims and eight documents each; a row in eight has two documents. */
function draw(count: number, topics: number, seed: number): RowFacts[] {
  const random = randomStream('synthetic rows', seed);
  return Array.from({ length: count }, (_, index) => {
    const topic = random.below(topics);
    const label = LABELS[Math.min(random.below(5), 2)] ?? 'NEI';
    const claim = `${topic}.${random.below(5)}`;
    const documents = { length: random.below(8) === 0 ? 2 : 1 };
    return claimFacts(
      `row ${index}`,
      label,
      claim,
      Array.from(documents, () => `${topic}.${random.below(8)}`),
    );
  });
}

const counts = (rows: readonly RowFacts[]) => LABELS.map((l) => rows.filter(({ gold }) => gold === l).length);
const distance = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0);
const options = (size: number, seed: number, group: Grouping) => ({ size, seed, stratify, group }) as const;

describe('a split of rows with many small groups', () => {
  for (const group of GROUPINGS) {
    test(`by ${group}: exact size, nothing on both sides, labels exactly in proportion, for any seed`, () => {
      for (let seed = 0; seed < 25; seed++) {
        const rows = draw(300, 100, seed);
        const size = 20 + 11 * seed;
        const { train, held } = split(rows, options(size, seed, group));
        assert.equal(train.length, size);
        assert.deepEqual(new Set([...train, ...held]), new Set(rows));
        assert.equal(sharedKeys(train, held, group).size, 0);
        assert.deepEqual(counts(train), proportionalCounts(counts(rows), size));
      }
    });
  }
});

test('a claim-grouped split keeps claims apart, not documents; an evidence-grouped one the reverse', () => {
  const rows = draw(400, 40, 1);
  const byClaim = split(rows, options(200, 1, 'claim'));
  const byEvidence = split(rows, options(200, 1, 'evidence'));
  assert.equal(sharedKeys(byClaim.train, byClaim.held, 'claim').size, 0);
  assert.ok(sharedKeys(byClaim.train, byClaim.held, 'evidence').size > 0);
  assert.equal(sharedKeys(byEvidence.train, byEvidence.held, 'evidence').size, 0);
  assert.ok(sharedKeys(byEvidence.train, byEvidence.held, 'claim').size > 0);
});

test('rows linked through claims and documents in turn are one group', () => {
  const row = (id: string, claim: string, ...documents: string[]) => claimFacts(id, 'NEI', claim, documents);
  const rows = [
    row('1', 'a', 'x'),
    row('2', 'b', 'y'),
    row('3', 'a', 'z'),
    row('4', 'c', 'z', 'y'),
    row('5', 'd', 'w'),
  ];
  assert.deepEqual(groupsOf(rows, 'row'), [[0], [1], [2], [3], [4]]);
  assert.deepEqual(groupsOf(rows, 'claim'), [[0, 2], [1], [3], [4]]);
  assert.deepEqual(groupsOf(rows, 'evidence'), [[0], [1, 2, 3], [4]]);
  assert.deepEqual(groupsOf(rows, 'all'), [[0, 1, 2, 3], [4]]);
});

test('a claim and a document of the same name are not the same key', () => {
  const rows = [claimFacts('1', 'NEI', '7', ['1']), claimFacts('2', 'NEI', '1', ['7'])];
  assert.equal(groupsOf(rows, 'all').length, 2);
});

test('the same seed gives the same split in whatever order the rows come, another seed another', () => {
  const rows = draw(200, 60, 2);
  const ids = (part: readonly RowFacts[]) => part.map(({ id }) => id).sort();
  for (const group of GROUPINGS) {
    const once = split(rows, options(100, 7, group));
    const again = split(randomStream('order', 1).shuffle(rows), options(100, 7, group));
    assert.deepEqual(ids(again.train), ids(once.train));
    assert.notDeepEqual(ids(split(rows, options(100, 8, group)).train), ids(once.train));
  }
});

test('parts keep the order of the rows', () => {
  const rows = draw(50, 10, 3);
  const { train, held } = split(rows, options(25, 0, 'claim'));
  assert.deepEqual(
    train,
    rows.filter((row) => train.includes(row)),
  );
  assert.deepEqual(
    held,
    rows.filter((row) => held.includes(row)),
  );
});

test('rows of large groups are drawn about as often as rows of small ones', () => {
  const rows = draw(300, 30, 4);
  const sizes = groupsOf(rows, 'claim').map(({ length }) => length);
  const middle = sizes.toSorted((a, b) => a - b).at(sizes.length / 2) ?? 0;
  const large = new Set(
    groupsOf(rows, 'claim')
      .filter(({ length }) => length > middle)
      .flatMap((members) => members.map((index) => rows[index]?.id)),
  );
  const shares = Array.from({ length: 200 }, (_, seed) => {
    const { train } = split(rows, options(225, seed, 'claim'));
    return train.filter(({ id }) => large.has(id)).length / large.size;
  });
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  assert.ok(Math.abs(mean - 0.75) < 0.03, `${mean} of ${large.size} rows`);
  assert.ok(
    Math.max(...shares) - Math.min(...shares) > 0.05,
    `${Math.min(...shares)} ${Math.max(...shares)}`,
  );
});

test('a split exists exactly when some whole groups add up to the size, and its labels are then nearly always the nearest there are', () => {
  let possible = 0;
  let best = 0;
  for (let seed = 0; seed < 60; seed++) {
    const rows = draw(40, 1, seed);
    const groups = groupsOf(rows, 'claim').map((members) =>
      counts(members.flatMap((index) => rows[index] ?? [])),
    );
    const size = 3 + (seed % 35);
    const aim = proportionalCounts(counts(rows), size);
    let sums = [[0, 0, 0]];
    for (const group of groups) {
      sums = sums.concat(sums.map((sum) => sum.map((value, label) => value + (group[label] ?? 0))));
    }
    const offs = sums.filter((sum) => sum.reduce((a, b) => a + b) === size).map((sum) => distance(sum, aim));
    if (offs.length === 0) {
      assert.throws(() => split(rows, options(size, seed, 'claim')), /no whole groups \(by claim\) add up/);
      continue;
    }
    possible++;
    const off = distance(counts(split(rows, options(size, seed, 'claim')).train), aim);
    if (off === Math.min(...offs)) best++;
  }
  assert.ok(possible > 10 && possible < 50, `${possible} sizes are possible`);
  assert.ok(best >= 0.95 * possible, `${best} of ${possible} are the best`);
});

test('a size that whole groups cannot make up is an error that names the nearest that they can', () => {
  const rows = ['a', 'a', 'a', 'b', 'b', 'b', 'b'].map((claim, index) =>
    claimFacts(String(index), 'NEI', claim),
  );
  assert.throws(
    () => split(rows, options(5, 0, 'claim')),
    /add up to 5 of 7 rows\s+The nearest sizes are 4\./,
  );
  assert.throws(() => split(rows.slice(0, 3), options(2, 0, 'claim')), /All rows are one group/);
});

test('a size outside the rows, or a row given twice, is an error', () => {
  const rows = draw(10, 5, 5);
  for (const size of [0, -1, 2.5, 10, NaN]) {
    assert.throws(() => split(rows, options(size, 0, 'row')), /whole number from 1 to 9/);
  }
  assert.throws(() => split([...rows, ...rows.slice(0, 1)], options(5, 0, 'row')), /row 0 is given twice/);
});

test('proportions are made whole by largest remainder and add up', () => {
  assert.deepEqual(proportionalCounts([616, 341, 304], 1008), [492, 273, 243]);
  assert.deepEqual(proportionalCounts([1, 1, 1], 2), [1, 1, 0]);
  assert.deepEqual(proportionalCounts([5, 0, 5], 4), [2, 0, 2]);
});

test('rows are drawn in proportion to their classes, exactly as many as asked for, none twice', () => {
  const targets = Array.from({ length: 299 }, (_, row) => row % 3);
  const drawn = (seed: number) => drawInProportion(targets, 3, 100, randomStream('matched size', seed));
  const some = drawn(3);
  assert.equal(new Set(some).size, 100);
  for (const target of [0, 1, 2]) {
    const count = some.filter((row) => targets[row] === target).length;
    assert.ok(count === 33 || count === 34, `${target}: ${count}`);
  }
  assert.notDeepEqual(some, drawn(4));
});
