import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf } from 'small-claims/datasets/facts';
import type { Row } from 'small-claims/tasks/row';
import { findTask } from 'small-claims/tasks/task';

const TEXTS = {
  claim: 'Zinc lozenges shorten the common cold.',
  evidence: 'Colds lasted as long with zinc  lozenges\nas without.',
};
const ROW: Row = {
  id: 'invented:1',
  gold: 'CONTRADICT',
  keys: { claim: ['1'], evidence: ['10'] },
  details: { rationale: [2, 4] },
  texts: TEXTS,
};
const task = findTask('claim-verification');
const factsOfTexts = (texts: Partial<typeof TEXTS>) =>
  factsOf({ ...ROW, texts: { ...TEXTS, ...texts } }, task);

test('the facts of a row are numbers, ids and hashes, and none of its words', () => {
  const facts = factsOf(ROW, task);
  assert.deepEqual(facts.words, { claim: 6, evidence: 9 });
  assert.equal(facts.overlap, 0.4);
  const text = JSON.stringify(facts).toLowerCase();
  for (const word of ['zinc', 'lozenges', 'cold', 'lasted']) assert.ok(!text.includes(word));
});

test('texts that differ in case, white space or character forms alone have one hash', () => {
  const { hashes } = factsOf(ROW, task);
  assert.equal(new Set(Object.values(hashes)).size, 2);
  const same = factsOfTexts({
    claim: ' ｚinc  LOZENGES shorten the\tcommon cold.',
    evidence: TEXTS.evidence.toUpperCase(),
  });
  assert.deepEqual(same.hashes, hashes);
  assert.notEqual(factsOfTexts({ claim: 'Zinc shortens the cold.' }).hashes['claim'], hashes['claim']);
});

test('empty evidence has no words, no overlap and no hash', () => {
  const { words, overlap, hashes } = factsOfTexts({ evidence: '' });
  assert.deepEqual([words['evidence'], overlap, hashes['evidence']], [0, 0, '']);
});
