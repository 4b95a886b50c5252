import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attemptEach } from 'small-claims/pipeline/attempts';
import { UserError } from 'small-claims/project/error';

test('an item that fails is told of once and keeps no other from being done', async (t) => {
  const told = t.mock.method(console, 'error', () => {});
  const done: number[] = [];
  const failed = await attemptEach([1, 2, 3, 4], async (item) => {
    if (item === 1 || item === 3) throw new UserError('no model');
    done.push(item);
  });
  assert.deepEqual([failed, done], [2, [2, 4]]);
  assert.deepEqual(
    told.mock.calls.map(({ arguments: [line] }) => line),
    ['no model'],
  );
});

test('a fault of the program ends it', async () => {
  const done: number[] = [];
  const broken = attemptEach([1, 2], async (item) => {
    done.push(item);
    throw new TypeError('broken');
  });
  await assert.rejects(broken, /broken/);
  assert.deepEqual(done, [1]);
});
