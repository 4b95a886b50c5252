import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { emptinessRule } from 'small-claims/audit/claim-verification/emptiness';
import {
  follow,
  lengthOf,
  majorityRule,
  overlapOf,
  type Rule,
  thresholdRule,
} from 'small-claims/audit/rules';
import type { FactsRow } from 'small-claims/datasets/facts';
import { scores } from 'small-claims/metrics/measure';
import { randomStream } from 'small-claims/project/random';
import { goldLabels, LABELS, type Label, macroF1 } from '../metrics/labels.js';
import { factsRow } from './facts-row.js';

const EVIDENCE_LENGTH = lengthOf('evidence');
const LEXICAL_OVERLAP = overlapOf('claim', 'evidence');

function scoreOf(rule: Rule, rows: readonly FactsRow[]): number {
  const [score = Number.NaN] = scores([macroF1], goldLabels(rows), follow(rule, rows));
  return score;
}

function ofLengths(pairs: readonly (readonly [number, Label])[]): FactsRow[] {
  return pairs.map(([evidence, gold]) => factsRow({ words: { evidence }, gold }));
}

test('the rule of emptiness says NEI where the evidence is empty, else SUPPORT', () => {
  const rows = ofLengths([
    [0, 'NEI'],
    [1, 'CONTRADICT'],
  ]);
  assert.deepEqual(follow(emptinessRule, rows), ['NEI', 'SUPPORT']);
});

test('the majority rule says the commonest label of training, of equals the first of LABELS', () => {
  const rows = ofLengths([
    [1, 'NEI'],
    [1, 'NEI'],
    [1, 'SUPPORT'],
  ]);
  assert.deepEqual(follow(majorityRule(rows, LABELS), rows), ['NEI', 'NEI', 'NEI']);
  assert.equal(majorityRule(rows.slice(1), LABELS).saying, 'SUPPORT, always');
});

describe('a threshold rule', () => {
  test('finds three labels that three ranges of length tell apart', () => {
    const train = ofLengths([
      [0, 'NEI'],
      [0, 'NEI'],
      [4, 'CONTRADICT'],
      [6, 'CONTRADICT'],
      [11, 'SUPPORT'],
      [30, 'SUPPORT'],
    ]);
    const rule = thresholdRule(train, EVIDENCE_LENGTH, LABELS);
    assert.equal(
      rule.saying,
      'by the number of evidence words: NEI below 2, CONTRADICT below 8.5, else SUPPORT',
    );
    assert.deepEqual(follow(rule, ofLengths([1, 2, 8, 9, 500].map((words) => [words, 'NEI']))), [
      'NEI',
      'CONTRADICT',
      'CONTRADICT',
      'SUPPORT',
      'SUPPORT',
    ]);
  });

  test('is one label where the feature never differs', () => {
    const train = ofLengths([
      [7, 'SUPPORT'],
      [7, 'CONTRADICT'],
      [7, 'CONTRADICT'],
    ]);
    assert.equal(
      thresholdRule(train, EVIDENCE_LENGTH, LABELS).saying,
      'by the number of evidence words: CONTRADICT',
    );
  });

  test('reaches the highest macro-F1 that any two cuts and three labels reach on training', () => {
    const random = randomStream('test: threshold rule', 1);
    for (let repetition = 0; repetition < 5; repetition++) {
      const train = Array.from({ length: 40 }, () =>
        factsRow({ gold: LABELS[random.below(3)] ?? 'NEI', overlap: random.below(8) / 8 }),
      );
      const cuts = Array.from({ length: 9 }, (_, step) => (step - 0.5) / 8);
      const everyRule = cuts.flatMap((low) =>
        cuts.flatMap((high) =>
          LABELS.flatMap((below) =>
            LABELS.flatMap((between) =>
              LABELS.map(
                (above): Rule<Label> => ({
                  saying: '',
                  predict: ({ overlap }) => (overlap < low ? below : overlap < high ? between : above),
                }),
              ),
            ),
          ),
        ),
      );
      const highest = Math.max(...everyRule.map((rule) => scoreOf(rule, train)));
      assert.ok(Math.abs(scoreOf(thresholdRule(train, LEXICAL_OVERLAP, LABELS), train) - highest) < 1e-12);
    }
  });

  test('does not depend on the order of training', () => {
    const random = randomStream('test: order of training', 1);
    const train = Array.from({ length: 50 }, () =>
      factsRow({ gold: LABELS[random.below(3)] ?? 'NEI', words: { evidence: random.below(30) } }),
    );
    assert.equal(
      thresholdRule(random.shuffle(train), EVIDENCE_LENGTH, LABELS).saying,
      thresholdRule(train, EVIDENCE_LENGTH, LABELS).saying,
    );
  });
});

test('a rule cannot be fitted on nothing', () => {
  assert.throws(() => majorityRule([], LABELS), /no rows to learn from/);
  assert.throws(() => thresholdRule([], EVIDENCE_LENGTH, LABELS), /no rows to learn from/);
});
