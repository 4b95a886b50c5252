import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leak, partsByEvidence, repeats } from 'small-claims/audit/claim-verification/leak';
import { factsRow } from './facts-row.js';

test('a held-out row leaks by claim, document or evidence text, each counted', () => {
  const train = [factsRow({ keys: { claim: ['1'], evidence: ['a', 'b'] }, hashes: { evidence: 'e' } })];
  const held = [
    factsRow({ keys: { claim: ['1'] } }),
    factsRow({ keys: { evidence: ['c', 'b'] } }),
    factsRow({ hashes: { evidence: 'e' }, keys: { evidence: ['a'] } }),
    factsRow(),
  ];
  assert.deepEqual(leak(train, held), { rows: 4, claim: 1, document: 2, evidence: 1, any: 3 });
});

test('the same claim text under another id is the same claim', () => {
  const [train, held] = [[factsRow({ hashes: { claim: 'h' } })], [factsRow({ hashes: { claim: 'h' } })]];
  assert.equal(leak(train, held).claim, 1);
  assert.equal(repeats([...train, ...held]).claim, 2);
});

test('empty evidence is shared with no one', () => {
  const empty = [factsRow({ hashes: { evidence: '' } }), factsRow({ hashes: { evidence: '' } })];
  assert.equal(leak(empty, empty).evidence, 0);
  assert.equal(repeats(empty).evidence, 0);
});

test('repeats counts the rows that share something with another row of the set', () => {
  const rows = [
    factsRow({ keys: { claim: ['1'] } }),
    factsRow({ keys: { claim: ['1'], evidence: ['a', 'a'] } }),
    factsRow({ hashes: { evidence: 'e' } }),
    factsRow({ hashes: { evidence: 'e' } }),
    factsRow(),
  ];
  assert.deepEqual(repeats(rows), { rows: 5, claim: 2, document: 0, evidence: 2, any: 4 });
});

test('test rows are parted by whether training has their evidence, and empty evidence is in no training', () => {
  const [known, other, empty] = ['e', 'f', ''].map((evidence) => factsRow({ hashes: { evidence } }));
  assert.ok(known && other && empty);
  assert.deepEqual(partsByEvidence([known, empty], [other, known, empty, known]), [
    { seen: true, places: [1, 3] },
    { seen: false, places: [0, 2] },
  ]);
});
