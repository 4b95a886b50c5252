import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditData } from 'small-claims/audit/data';
import { nearDuplicates } from 'small-claims/audit/measures/near-duplicate';
import { nearTexts } from 'small-claims/audit/measures/near-texts';
import { z } from 'zod';
import { expected } from '../reference/expected.js';

const { texts, pairs } = expected(
  'audit_near',
  z.object({
    texts: z.array(z.string()),
    pairs: z.array(z.object({ a: z.number(), b: z.number(), jaccard: z.number() })),
  }),
);

test('near duplicates are those that comparing every pair finds, each with its similarity', () => {
  const byPair = (some: typeof pairs) => [...some].sort((x, y) => x.a - y.a || x.b - y.b);
  const found = byPair([...nearDuplicates(texts)]);
  const wanted = byPair(pairs);
  assert.deepEqual(
    found.map(({ a, b }) => [a, b]),
    wanted.map(({ a, b }) => [a, b]),
  );
  for (const [index, { jaccard }] of found.entries())
    assert.ok(Math.abs(jaccard - (wanted[index]?.jaccard ?? Number.NaN)) < 1e-12);
});

test('equal seeds find the same, and another seed the same too at this similarity', () => {
  assert.deepEqual(nearDuplicates(texts, { seed: 5 }), nearDuplicates(texts));
});

const words = Array.from({ length: 30 }, (_, index) => `word${index}`);
const row = (id: string, evidence: string, label = 'yes') => ({
  id,
  claim: `claim of ${id}`,
  evidence,
  label,
});

test('a row is named with its nearest, across parts and within; equal texts are not near', () => {
  const text = words.join(' ');
  const one = [...words.slice(0, -1), 'other'].join(' ');
  const two = ['first', ...words.slice(1, -1), 'other'].join(' ');
  const {
    between,
    train,
    test: within,
  } = nearTexts(
    auditData(
      [row('same', text), row('far', 'something else altogether', 'no'), row('again', text.toUpperCase())],
      [row('x', one), row('y', two), row('z', text)],
    ),
    'evidence',
  );
  assert.deepEqual(
    between.map(({ row: of, partner }) => [of, partner]),
    [
      ['x', 'same'],
      ['y', 'same'],
    ],
  );
  assert.equal(between[0]?.jaccard, 27 / 29);
  assert.deepEqual(train, []);
  assert.deepEqual(
    within.map(({ row: of, partner }) => [of, partner]),
    [
      ['x', 'z'],
      ['y', 'x'],
      ['z', 'x'],
    ],
  );
});
