import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { estimates } from 'small-claims/metrics/estimates';
import { evaluate, linkedRows } from 'small-claims/metrics/evaluation';
import { scores } from 'small-claims/metrics/measure';
import { measuresOf } from 'small-claims/metrics/measures/measures';
import { randomStream } from 'small-claims/project/random';
import { findTask } from 'small-claims/tasks/task';
import { claimFacts } from '../tasks/claim-row.js';
import { LABELS, macroF1 } from './labels.js';
import { intervalOf, near } from './near.js';

const task = findTask('claim-verification');

test('rows that share a claim or a document are one cluster, also through a third', () => {
  const { keys, name } = linkedRows(task, [
    claimFacts('1', 'NEI', 'a', ['x']),
    claimFacts('2', 'NEI', 'b', ['y']),
    claimFacts('3', 'NEI', 'a', ['y']),
    claimFacts('4', 'NEI', 'c', ['z']),
    claimFacts('5', 'NEI', 'd', ['w', 'z']),
    claimFacts('6', 'NEI', 'e', []),
  ]);
  assert.deepEqual(keys, ['0', '0', '0', '1', '1', '2']);
  assert.equal(name, 'groups of rows linked by claims or documents');
});

test('what rows may share is called by the names of the task; where that is nothing, rows are drawn', () => {
  const row = (id: string, ...study: string[]) => ({ id, keys: { study } });
  const task = { keys: { study: 'studyIds' } };
  const { name, keys } = linkedRows(task, [row('1', 'a', 'b'), row('2', 'c'), row('3', 'b')]);
  assert.deepEqual([name, keys], ['groups of rows linked by studies', ['0', '1', '0']]);
  assert.deepEqual(linkedRows(task, [row('1', 'a'), row('2', 'b')]), { name: 'rows', keys: ['0', '1'] });
  assert.equal(linkedRows({ keys: {} }, [row('1')]).name, 'rows');
});

describe('an evaluation', () => {
  const random = randomStream('test: evaluation', 1);
  const label = () => LABELS[random.below(3)] ?? 'NEI';
  // Ten documents of six claims each, of two rows each; what is right is right for a whole document.
  const rows = Array.from({ length: 120 }, (_, index) => {
    const [claim, document] = [Math.floor(index / 2), Math.floor(index / 12)];
    return claimFacts(String(index), label(), `claim ${claim}`, [`document ${document}`]);
  });
  const golds = rows.map(({ gold }) => gold);
  const hit = Array.from({ length: 10 }, () => random.next() < 0.5);
  const answers = golds.map((gold, index) => (hit[Math.floor(index / 12)] ? gold : 'SUPPORT'));
  const { n, of } = evaluate(task, rows, [answers]);

  test('has the scores of its answers by every measure of the task, each in its interval', () => {
    const measures = measuresOf(task);
    assert.equal(n, 120);
    near(
      measures.map(({ id }) => of(id).number),
      scores(measures, golds, answers),
    );
    for (const { id } of measures) {
      const { number, interval } = of(id);
      assert.ok(interval && interval.low < number && number < interval.high, id);
    }
  });

  test('says what was drawn, and how many of them', () => {
    const { method } = intervalOf(of('macro-f1'));
    const drawn = 'over 10 groups of rows linked by claims or documents';
    assert.equal(method, `Student's t with the jackknife's error ${drawn}, on the logit scale`);
  });

  test('is less sure than one that takes the claims of a document as independent', () => {
    const clusters = { name: 'claims', keys: rows.flatMap(({ keys }) => keys['claim'] ?? []) };
    const byClaims = estimates([macroF1], golds, [answers], { clusters }).of('macro-f1');
    const width = (estimate: typeof byClaims) => {
      const { low, high } = intervalOf(estimate);
      return high - low;
    };
    assert.ok(width(of('macro-f1')) > 1.5 * width(byClaims));
  });
});
