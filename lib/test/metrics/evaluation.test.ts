import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evaluate, linkedRows } from 'small-claims/metrics/evaluation';
import { interval } from 'small-claims/metrics/interval';
import { macroF1, scores } from 'small-claims/metrics/scores';
import { randomStream } from 'small-claims/project/random';
import { claimFacts } from '../tasks/claim-row.js';
import { labels } from './labels.js';

function row(id: string, claim: string, documents: readonly string[], label = 'S') {
  const [gold = 'SUPPORT'] = labels(label);
  return claimFacts(id, gold, claim, documents);
}

test('rows that share a claim or a document are one cluster, also through a third', () => {
  const { keys } = linkedRows([
    row('1', 'a', ['x']),
    row('2', 'b', ['y']),
    row('3', 'a', ['y']),
    row('4', 'c', ['z']),
    row('5', 'd', ['w', 'z']),
    row('6', 'e', []),
  ]);
  assert.deepEqual(keys, ['0', '0', '0', '1', '1', '2']);
});

describe('an evaluation', () => {
  const random = randomStream('test: evaluation', 1);
  // Ten documents of six claims each, of two rows each; what is right is right for a whole document.
  const rows = Array.from({ length: 120 }, (_, index) =>
    row(
      String(index),
      `claim ${Math.floor(index / 2)}`,
      [`document ${Math.floor(index / 12)}`],
      'SCN'[random.below(3)],
    ),
  );
  const gold = rows.map(({ gold }) => gold);
  const hit = Array.from({ length: 10 }, () => random.next() < 0.5);
  const predicted = gold.map((label, index) => (hit[Math.floor(index / 12)] ? label : 'SUPPORT'));

  test('has the scores of its predictions', () => {
    const { accuracyInterval, macroF1Interval, neiF1Interval, ...rest } = evaluate(rows, predicted);
    assert.deepEqual(rest, scores(gold, predicted));
    assert.ok(accuracyInterval.low < rest.accuracy && rest.accuracy < accuracyInterval.high);
    assert.ok(macroF1Interval.low < rest.macroF1 && rest.macroF1 < macroF1Interval.high);
    assert.ok(neiF1Interval.low < rest.labels.NEI.f1 && rest.labels.NEI.f1 < neiF1Interval.high);
  });

  test('says what was drawn, and how many of them', () => {
    const { method } = evaluate(rows, predicted).macroF1Interval;
    assert.equal(method, 'percentile bootstrap over 10 groups of rows linked by claims or documents');
  });

  test('is less sure than one that takes the claims of a document as independent', () => {
    const byClaims = interval(gold, predicted, macroF1, {
      clusters: { name: 'claims', keys: rows.map(({ keys }) => keys['claim']?.[0] ?? '') },
    });
    const { macroF1Interval } = evaluate(rows, predicted);
    assert.ok(macroF1Interval.high - macroF1Interval.low > 1.5 * (byClaims.high - byClaims.low));
  });
});
