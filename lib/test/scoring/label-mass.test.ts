import assert from 'node:assert/strict';
import { test } from 'node:test';
import { massWarning } from 'small-claims/scoring/label-score';

const scored = (...masses: readonly number[]) => masses.map((mass, at) => ({ id: `${at}`, mass }));

test('scores whose labels hold less than a twentieth of the probability on average are told', () => {
  assert.match(massWarning(scored(0.01, 0.02, 0.03)) ?? '', /hold 2\.0 % of the probability on average/);
  assert.match(massWarning(scored(0, 0.0004)) ?? '', /hold 0\.020 %/);
});

test('scores whose labels hold more, and written answers, are not', () => {
  assert.equal(massWarning(scored(0.01, 0.2)), undefined);
  assert.equal(massWarning([{ id: '1', answer: 'yes' }]), undefined);
  assert.equal(massWarning([]), undefined);
});
