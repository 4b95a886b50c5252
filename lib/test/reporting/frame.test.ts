import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frame, frameRows } from 'small-claims/reporting/frame';

const rows = [
  { label: 'NEI', n: 2 },
  { label: 'NEI', n: 4 },
  { label: 'SUPPORT', n: 1 },
];

test('a frame groups rows and gives them back', async () => {
  const means = (await frame(rows)).groupby(['label']).col(['n']).mean();
  assert.deepEqual(frameRows(means), [
    { label: 'NEI', n_mean: 3 },
    { label: 'SUPPORT', n_mean: 1 },
  ]);
});

for (const missing of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
  test(`a frame refuses ${missing}, of which danfojs would make a wrong mean`, async () => {
    const holed: unknown = [...rows, { label: 'NEI', n: missing }];
    // What a notebook reads from JSON has no types to stop it.
    await assert.rejects(Reflect.apply(frame, undefined, [holed]), /row 4 has no value in the column "n"/);
  });
}

test('a frame refuses rows of unlike columns', async () => {
  await assert.rejects(frame([{ a: 1 }, { a: 1, b: 2 }]), /row 2 has a column "b"/);
  await assert.rejects(frame([{ a: 1, b: 2 }, { a: 1 }]), /row 2 has no value in the column "b"/);
  await assert.rejects(frame([]), /at least one row/);
});

test('holes that danfojs makes are found on the way out', async () => {
  const data = await frame([{ a: 1 }]);
  data.addColumn('b', [Number.NaN], { inplace: true });
  assert.throws(() => frameRows(data), /row 1 has no value in the column "b"/);
});
