import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clustersAmong } from 'small-claims/audit/data';
import { normalForm } from 'small-claims/datasets/normal-form';
import type { Row } from 'small-claims/tasks/row';

const FIELDS = ['claim', 'evidence'];
const row = (claim: string, evidence: string, documents: readonly string[] = []): Row => ({
  id: `${claim} ${evidence}`,
  gold: 'x',
  keys: { claim: [], evidence: documents },
  texts: { claim, evidence },
});
const linked = (rows: readonly Row[]) => clustersAmong(rows, FIELDS);

test('case, punctuation, white space and compatibility forms are no part of a normal form; signs are', () => {
  assert.equal(normalForm(' Ｚinc,\tﬁve “mg”…  IL‑6 '), 'zinc five mg il 6');
  assert.notEqual(normalForm('p < 0.05'), normalForm('p > 0.05'));
  assert.equal(normalForm('…?!'), '');
});

test('rows that share a claim, an evidence or a document are drawn together, also through others', () => {
  const { name, keys } = linked([
    row('a', 'one'),
    row('A!', 'two'),
    row('b', 'Two.'),
    row('c', 'three', ['7']),
    row('d', 'four', ['7', '8']),
    row('e', ''),
    row('f', ''),
    row('g', 'five'),
  ]);
  assert.equal(name, 'groups of rows linked by claims or evidence');
  assert.deepEqual(keys, ['0', '0', '0', '1', '1', '2', '3', '4']);
});

test('where links put most rows in one cluster, rows of one evidence are drawn together', () => {
  const { name, keys } = linked([row('a', 'x'), row('a', 'y'), row('a', 'z'), row('b', 'z')]);
  assert.equal(name, 'groups of rows of one evidence');
  assert.deepEqual(keys, ['0', '1', '2', '2']);
});

test('where no two rows are linked, each is drawn alone', () => {
  assert.equal(linked([row('a', 'x'), row('b', 'y'), row('c', 'z')]).name, 'rows');
});
