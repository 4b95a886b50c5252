import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textAgreement } from 'small-claims/audit/agreement';
import { factsRow } from './facts-row.js';

test('agreement is the share of pairs of one text that have one label', () => {
  const rows = [
    factsRow({ hashes: { evidence: 'e' }, gold: 'SUPPORT' }),
    factsRow({ hashes: { evidence: 'e' }, gold: 'SUPPORT' }),
    factsRow({ hashes: { evidence: 'e' }, gold: 'NEI' }),
    factsRow({ hashes: { evidence: 'f' }, gold: 'NEI' }),
    factsRow({ hashes: { evidence: 'f' }, gold: 'NEI' }),
    factsRow({ gold: 'CONTRADICT' }),
  ];
  const { pairs, share, chance } = textAgreement(rows, 'evidence');
  assert.deepEqual([pairs, share], [4, 2 / 4]);
  assert.ok(Math.abs(chance - (2 ** 2 + 1 ** 2 + 3 ** 2) / 6 ** 2) < 1e-12, `${chance}`);
});

test('empty evidence is no text that two rows share', () => {
  const rows = [
    factsRow({ hashes: { evidence: '' }, gold: 'NEI' }),
    factsRow({ hashes: { evidence: '' }, gold: 'NEI' }),
  ];
  assert.deepEqual(textAgreement(rows, 'evidence'), { pairs: 0, share: 0, chance: 1 });
});
