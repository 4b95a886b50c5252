import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withId } from 'small-claims/project/with-id';

test('what has an id is found by it, and an unknown id is told beside those there are', () => {
  const items = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id, place) => ({ id, place }));
  assert.equal(withId(items, 'c').place, 2);
  assert.throws(() => withId(items, 'x'), {
    name: 'UserError',
    message: /the id x\n.*a, b, c, d, e and 2 more/,
  });
  assert.throws(() => withId([], 'x'), /The list is empty/);
});
