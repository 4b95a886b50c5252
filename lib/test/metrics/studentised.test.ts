import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { differenceError } from 'small-claims/metrics/difference';
import { exchanges, randomisationTest } from 'small-claims/metrics/paired-tests';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { labels, macroF1 } from './labels.js';
import { near } from './near.js';

const found = z.object({
  difference: z.number(),
  standardError: z.number(),
  t: z.number(),
  exactP: z.number(),
});
const reference = expected(
  'studentised',
  z.object({
    groups: z.array(z.int()),
    gold: z.string(),
    ours: z.array(z.string()),
    theirs: z.array(z.string()),
    once: found,
    overSeeds: found,
  }),
);
const clusters = { name: 'groups', keys: reference.groups.map(String) };
const ofSeeds = (seeds: number) => ({
  measure: macroF1,
  golds: labels(reference.gold),
  ours: reference.ours.slice(0, seeds).map(labels),
  theirs: reference.theirs.slice(0, seeds).map(labels),
});

describe('the studentised exchange test has the difference, error, statistic and exact p of numpy', () => {
  for (const [name, compared, wanted] of [
    ['once', ofSeeds(1), reference.once],
    ['over two seeds', ofSeeds(2), reference.overSeeds],
  ] as const) {
    test(name, () => {
      const { difference, standardError } = differenceError(compared, { clusters });
      const { units, studentised } = exchanges(compared, clusters);
      near(
        [difference, standardError, studentised(new Int32Array(units))],
        [wanted.difference, wanted.standardError, wanted.t],
        1e-9,
      );
      // All 4,096 ways to exchange twelve groups.
      const observed = Math.abs(studentised(new Int32Array(units)));
      let reached = 0;
      for (let way = 0; way < 2 ** units; way++) {
        const states = Int32Array.from({ length: units }, (_, unit) => (way >> unit) & 1);
        if (Math.abs(studentised(states)) >= observed * (1 - 1e-9)) reached += 1;
      }
      assert.equal(reached / 2 ** units, wanted.exactP);
      const { p } = randomisationTest(compared, { clusters });
      assert.ok(Math.abs(p - wanted.exactP) < 4 * Math.sqrt(wanted.exactP / 10_000));
    });
  }
});

test('of one group alone, and of systems that say the same, nothing differs', () => {
  const compared = ofSeeds(1);
  const one = { name: 'groups', keys: reference.groups.map(() => 'one') };
  assert.equal(randomisationTest(compared, { clusters: one }).p, 1);
  assert.equal(randomisationTest({ ...compared, theirs: compared.ours }, { clusters }).p, 1);
});

test('whichever system is ours, the p-value is the same', () => {
  const compared = ofSeeds(2);
  const [ab, ba] = [compared, { ...compared, ours: compared.theirs, theirs: compared.ours }].map(
    (each) => randomisationTest(each, { clusters }).p,
  );
  assert.equal(ab, ba);
});
