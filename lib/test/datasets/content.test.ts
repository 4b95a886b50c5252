import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentWords, lexicalOverlap } from 'small-claims/datasets/content';

test('function words, case and punctuation are no content', () => {
  assert.deepEqual(
    [...contentWords('The dose of IL-6, and the DOSE of μ-opioids.')],
    ['dose', 'il', 'opioids'],
  );
});

test('overlap is the share of the claim found in the evidence, each word once', () => {
  assert.equal(lexicalOverlap('Zinc shortens colds', 'Colds were shorter with zinc; zinc was given.'), 2 / 3);
  assert.equal(lexicalOverlap('Zinc zinc zinc colds', 'zinc'), 1 / 2);
});

test('empty evidence, and a claim of function words alone, overlap with nothing', () => {
  assert.equal(lexicalOverlap('Zinc shortens colds', ''), 0);
  assert.equal(lexicalOverlap('It is so', 'It is so'), 0);
});
