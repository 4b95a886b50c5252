import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreement, assertParity, meanLoss } from 'small-claims/finetuning/parity';
import { LABELS } from '../metrics/labels.js';

const row = (id: string, support: number) => ({
  id,
  logprobs: [Math.log(support), Math.log(0.9 - support), Math.log(0.1)] as const,
});
const rows = Array.from({ length: 50 }, (_, index) => row(String(index), 0.6));

const loss = { base: 1.2, trained: 0.5, released: 0.55 };

test('parity refuses an adapter that is another model in the other program', () => {
  const effect = agreement(
    rows,
    rows.map(({ id }) => row(id, 0.3)),
  );
  assert.doesNotThrow(() => assertParity('same', { plain: agreement(rows, rows), effect, loss }));
  const [, ...others] = rows;
  const flipped = [row('0', 0.3), ...others];
  assert.equal(agreement(rows, flipped).sameLabel, 49);
  assert.throws(
    () => assertParity('flipped', { plain: agreement(rows, flipped), effect, loss }),
    /49 of 50 rows/,
  );
  const far = [row('0', 0.65), ...others];
  assert.equal(agreement(rows, far).sameLabel, 50);
  assert.throws(
    () => assertParity('far', { plain: agreement(rows, far), effect, loss }),
    /up to 0\.18\d* nats/,
  );
});

test('parity is not taken on fewer than fifty rows', () => {
  const few = rows.slice(1);
  const plain = agreement(few, few);
  assert.throws(() => assertParity('few', { plain, effect: plain, loss }), /49 rows; 50 are needed/);
});

test('an adapter is refused that only the weights it was trained on can use', () => {
  const effect = agreement(
    rows,
    rows.map(({ id }) => row(id, 0.3)),
  );
  const plain = agreement(rows, rows);
  assert.doesNotThrow(() => assertParity('kept', { plain, effect, loss }));
  assert.throws(
    () => assertParity('lost', { plain, effect, loss: { ...loss, released: 0.61 } }),
    /its loss is 0\.5 nats a row, on those that are scored 0\.61 \(without it 1\.2\)/,
  );
  const labelled = [
    { id: '0', gold: 'SUPPORT' },
    { id: '1', gold: 'NEI' },
  ];
  assert.equal(meanLoss(rows, labelled, LABELS), 1.406705); // (-ln 0.6 - ln 0.1) / 2
  assert.throws(() => meanLoss(rows, [{ id: 'other', gold: 'NEI' }], LABELS), /other was not scored/);
});
