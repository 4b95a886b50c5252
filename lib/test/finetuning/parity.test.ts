import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreement, assertParity } from 'small-claims/finetuning/parity';

const row = (id: string, support: number) => ({
  id,
  logprobs: [Math.log(support), Math.log(0.9 - support), Math.log(0.1)] as const,
});
const rows = Array.from({ length: 50 }, (_, index) => row(String(index), 0.6));

test('parity refuses an adapter that is another model in the other program', () => {
  const effect = agreement(
    rows,
    rows.map(({ id }) => row(id, 0.3)),
  );
  assert.doesNotThrow(() => assertParity('same', { plain: agreement(rows, rows), effect }));
  const [, ...others] = rows;
  const flipped = [row('0', 0.3), ...others];
  assert.equal(agreement(rows, flipped).sameLabel, 49);
  assert.throws(() => assertParity('flipped', { plain: agreement(rows, flipped), effect }), /49 of 50 rows/);
  const far = [row('0', 0.65), ...others];
  assert.equal(agreement(rows, far).sameLabel, 50);
  assert.throws(() => assertParity('far', { plain: agreement(rows, far), effect }), /up to 0\.18\d* nats/);
});

test('parity is not taken on fewer than fifty rows', () => {
  const few = rows.slice(1);
  const plain = agreement(few, few);
  assert.throws(() => assertParity('few', { plain, effect: plain }), /49 rows; 50 are needed/);
});
