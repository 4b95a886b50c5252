import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkedPairs } from 'small-claims/audit/linked-pairs';
import type { PairRow } from 'small-claims/audit/pair';
import { normalForm } from 'small-claims/datasets/normal-form';

const row = (claim: string, evidence: string, more: Partial<PairRow> = {}): PairRow => ({
  id: `${claim} ${evidence}`,
  claim,
  evidence,
  label: 'x',
  ...more,
});

test('case, punctuation, white space and compatibility forms are no part of a normal form; signs are', () => {
  assert.equal(normalForm(' Ｚinc,\tﬁve “mg”…  IL‑6 '), 'zinc five mg il 6');
  assert.notEqual(normalForm('p < 0.05'), normalForm('p > 0.05'));
  assert.equal(normalForm('…?!'), '');
});

test('rows that share a claim, an evidence or a document are drawn together, also through others', () => {
  const { name, keys } = linkedPairs([
    row('a', 'one'),
    row('A!', 'two'),
    row('b', 'Two.'),
    row('c', 'three', { documentIds: ['7'] }),
    row('d', 'four', { documentIds: ['7', '8'] }),
    row('e', ''),
    row('f', ''),
    row('g', 'five'),
  ]);
  assert.equal(name, 'groups of rows linked by claims or evidence');
  assert.deepEqual(keys, ['0', '0', '0', '1', '1', '2', '3', '4']);
});

test('where links put most rows in one cluster, rows of one evidence are drawn together', () => {
  const { name, keys } = linkedPairs([row('a', 'x'), row('a', 'y'), row('a', 'z'), row('b', 'z')]);
  assert.equal(name, 'groups of rows of one evidence');
  assert.deepEqual(keys, ['0', '1', '2', '2']);
});

test('where no two rows are linked, each is drawn alone', () => {
  assert.equal(linkedPairs([row('a', 'x'), row('b', 'y'), row('c', 'z')]).name, 'rows');
});
