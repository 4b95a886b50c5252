import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Peer } from '../../bench/benchmark.js';
import { compare, median } from '../../bench/measuring.js';

test('peers take turns, each round beginning with the next, and a ratio is that of one round', async () => {
  const turns: string[] = [];
  const peer = (name: string, seconds: readonly number[]): Peer => {
    let round = 0;
    return {
      name,
      async run() {
        turns.push(name);
        return { units: 12, seconds: seconds[round++] ?? Number.NaN };
      },
    };
  };
  // The machine is twice as slow in the second round, and three times in the third.
  const { ours, peers } = await compare(
    {
      kind: 'comparison',
      title: 'speed',
      unit: 'rows',
      rounds: 3,
      ours: peer('ours', [1, 2, 3]),
      peers: [peer('theirs', [4, 8, 12]), peer('others', [2, 2, 2])],
      targets: { theirs: 3 },
    },
    () => {},
  );
  assert.deepEqual(turns, [
    ...['ours', 'theirs', 'others'],
    ...['theirs', 'others', 'ours'],
    ...['others', 'ours', 'theirs'],
  ]);
  assert.equal(ours.rate, 6);
  assert.deepEqual(
    peers.map(({ name, rate, ratios, ratio, target }) => ({ name, rate, ratios, ratio, target })),
    [
      { name: 'theirs', rate: 1.5, ratios: [4, 4, 4], ratio: 4, target: 3 },
      { name: 'others', rate: 6, ratios: [2, 1, 4 / 6], ratio: 1, target: undefined },
    ],
  );
});

test('the median is the middle one, or between the two in the middle', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.ok(Number.isNaN(median([])));
});
