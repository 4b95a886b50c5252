import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leak, repeats } from 'small-claims/audit/overlap';
import { factsRow } from './facts-row.js';

test('a held-out row leaks by claim, document or evidence text, each counted', () => {
  const train = [factsRow({ claimId: '1', documentIds: ['a', 'b'], evidenceHash: 'e' })];
  const held = [
    factsRow({ claimId: '1' }),
    factsRow({ documentIds: ['c', 'b'] }),
    factsRow({ evidenceHash: 'e', documentIds: ['a'] }),
    factsRow(),
  ];
  assert.deepEqual(leak(train, held), { rows: 4, claim: 1, document: 2, evidence: 1, any: 3 });
});

test('the same claim text under another id is the same claim', () => {
  const [train, held] = [[factsRow({ claimHash: 'h' })], [factsRow({ claimHash: 'h' })]];
  assert.equal(leak(train, held).claim, 1);
  assert.equal(repeats([...train, ...held]).claim, 2);
});

test('empty evidence is shared with no one', () => {
  const empty = [factsRow({ evidenceHash: '' }), factsRow({ evidenceHash: '' })];
  assert.equal(leak(empty, empty).evidence, 0);
  assert.equal(repeats(empty).evidence, 0);
});

test('repeats counts the rows that share something with another row of the set', () => {
  const rows = [
    factsRow({ claimId: '1' }),
    factsRow({ claimId: '1', documentIds: ['a', 'a'] }),
    factsRow({ evidenceHash: 'e' }),
    factsRow({ evidenceHash: 'e' }),
    factsRow(),
  ];
  assert.deepEqual(repeats(rows), { rows: 5, claim: 2, document: 0, evidence: 2, any: 4 });
});
