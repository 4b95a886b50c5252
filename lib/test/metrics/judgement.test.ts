import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countedAsWrong, judgements } from 'small-claims/metrics/judgement';
import { scores } from 'small-claims/metrics/scores';
import { LABELS } from 'small-claims/tasks/example';
import { claimFacts } from '../tasks/claim-row.js';

const rows = [
  claimFacts('a', 'SUPPORT', '1'),
  claimFacts('b', 'CONTRADICT', '2'),
  claimFacts('c', 'NEI', '3'),
  claimFacts('d', 'NEI', '4'),
];

test('a judgement is the most probable label, or the label answered; a row that tells of no label has none', () => {
  const said = [
    { id: 'd', answer: null },
    { id: 'c', logprobs: [-1.1, -1.1, -1.1], bounded: LABELS },
    { id: 'b', logprobs: [-2, -0.2, -4], bounded: ['NEI'] },
    { id: 'a', answer: 'NEI' },
  ] as const;
  assert.deepEqual(judgements(rows, said), ['NEI', 'CONTRADICT', null, null]);
  assert.throws(() => judgements(rows, said.slice(1)), /4 rows but answers to 3/);
  assert.throws(() => judgements([...rows.slice(1), { id: 'e' }], said), /no answer to row e/);
});

test('a row without an answer counts as wrong, whatever its label', () => {
  const predicted = countedAsWrong(rows, [null, null, null, 'NEI']);
  assert.equal(
    scores(
      rows.map(({ gold }) => gold),
      predicted,
    ).accuracy,
    0.25,
  );
  for (const [index, row] of rows.slice(0, 3).entries()) assert.notEqual(predicted[index], row.gold);
});
