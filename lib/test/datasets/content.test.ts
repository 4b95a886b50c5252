import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lexicalOverlap } from 'small-claims/datasets/content';

test('function words, case and punctuation are no content', () => {
  const claim = 'The dose of IL-6, and the DOSE of μ-opioids.';
  assert.equal(lexicalOverlap(claim, 'IL: dose, opioids!'), 1);
  for (const two of ['dose il', 'dose opioids', 'il opioids', 'The dose of IL-6, and of the'])
    assert.equal(lexicalOverlap(claim, two), 2 / 3);
});

test('overlap is the share of the claim found in the evidence, each word once', () => {
  assert.equal(lexicalOverlap('Zinc shortens colds', 'Colds were shorter with zinc; zinc was given.'), 2 / 3);
  assert.equal(lexicalOverlap('Zinc zinc zinc colds', 'zinc'), 1 / 2);
});

test('empty evidence, and a claim of function words alone, overlap with nothing', () => {
  assert.equal(lexicalOverlap('Zinc shortens colds', ''), 0);
  assert.equal(lexicalOverlap('It is so', 'It is so'), 0);
});
