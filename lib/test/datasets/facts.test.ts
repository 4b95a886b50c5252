import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf } from 'small-claims/datasets/facts';
import type { Example } from 'small-claims/tasks/example';

const EXAMPLE: Example = {
  id: 'invented:1',
  label: 'CONTRADICT',
  claimId: '1',
  documentIds: ['10'],
  rationale: [2, 4],
  claim: 'Zinc lozenges shorten the common cold.',
  evidence: 'Colds lasted as long with zinc  lozenges\nas without.',
};

test('the facts of a row are numbers, ids and hashes, and none of its words', () => {
  const facts = factsOf(EXAMPLE);
  assert.equal(facts.claimWords, 6);
  assert.equal(facts.evidenceWords, 9);
  assert.equal(facts.overlap, 0.4);
  const text = JSON.stringify(facts).toLowerCase();
  for (const word of ['zinc', 'lozenges', 'cold', 'lasted']) assert.ok(!text.includes(word));
});

test('texts that differ in case, white space or character forms alone have one hash', () => {
  const { claimHash, evidenceHash } = factsOf(EXAMPLE);
  const same = factsOf({
    ...EXAMPLE,
    claim: ' ｚinc  LOZENGES shorten the\tcommon cold.',
    evidence: EXAMPLE.evidence.toUpperCase(),
  });
  assert.deepEqual([same.claimHash, same.evidenceHash], [claimHash, evidenceHash]);
  assert.notEqual(factsOf({ ...EXAMPLE, claim: 'Zinc shortens the cold.' }).claimHash, claimHash);
});

test('empty evidence has no words, no overlap and no hash', () => {
  const { evidenceWords, overlap, evidenceHash } = factsOf({ ...EXAMPLE, evidence: '' });
  assert.deepEqual(
    { evidenceWords, overlap, evidenceHash },
    { evidenceWords: 0, overlap: 0, evidenceHash: '' },
  );
});
