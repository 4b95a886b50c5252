import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { SETS, simulate } from '../reference/exchange.js';
import { expected } from '../reference/expected.js';

const shares = z.record(z.string(), z.number());
const { draws, results } = expected(
  'exchange',
  z.object({
    draws: z.number(),
    results: z.record(
      z.string(),
      z.object({
        groups: z.number(),
        effective: z.number(),
        findings: z.array(z.object({ case: z.string(), tests: shares, intervals: shares })),
      }),
    ),
  }),
);
/** Three standard errors of a share of draws. */
const error = (share: number) => 3 * Math.sqrt((share * (1 - share)) / draws);
const sets = Object.entries(results);
const testOf = (set: string, name: string, which: string) =>
  results[set]?.findings.find((each) => each.case === name)?.tests[which] ?? assert.fail(`${set}, ${name}`);

describe('in simulations with the groups of each test set', () => {
  test('all test sets are there', () => assert.deepEqual(Object.keys(results), [...SETS]));

  test('the studentised exchange test rejects no more than about 5 % of true nulls', () => {
    for (const [set] of sets) {
      for (const name of ['alike', 'other labels']) {
        const share = testOf(set, name, 'exchange, studentised');
        assert.ok(share < 0.07 + error(0.05), `${set}, ${name}: ${share}`);
      }
    }
  });

  test('it is nearer to 5 % than the difference alone where systems favour other labels', () => {
    for (const [set] of sets.filter(([, { effective }]) => effective >= 20)) {
      const [studentised, plain] = ['exchange, studentised', 'exchange'].map((which) =>
        Math.abs(testOf(set, 'other labels', which) - 0.05),
      );
      assert.ok((studentised ?? 1) <= (plain ?? 0) + error(0.05), set);
    }
  });

  test("Student's t intervals hold the truth more often than percentiles where groups are few", () => {
    const few = sets.filter(([, { effective }]) => effective < 100);
    const held = few.flatMap(([set, { findings }]) =>
      findings
        .filter(({ case: name }) => !(set.startsWith('biosses') && name.startsWith('ahead')))
        .map(
          ({ intervals }) => [intervals['score, CV3 t'] ?? 0, intervals['score, percentile'] ?? 1] as const,
        ),
    );
    assert.ok(held.length > 20);
    for (const [t, percentile] of held) assert.ok(t >= percentile - error(0.05), `${t}, ${percentile}`);
    const gained = held.reduce((sum, [t, percentile]) => sum + t - percentile, 0) / held.length;
    assert.ok(gained > 0.01, `${gained}`);
  });

  test('of a score near 1 on twenty rows neither interval can be trusted', () => {
    const [ahead] = (results['biosses/rows/test']?.findings ?? []).filter(
      ({ case: name }) => name === 'ahead',
    );
    assert.ok(ahead);
    for (const which of ['score, CV3 t', 'score, percentile']) assert.ok((ahead.intervals[which] ?? 1) < 0.3);
  });
});

test('of the fewest groups, what they are worth less one gives the degrees of freedom that hold the truth', () => {
  const few = expected(
    'few_groups',
    z.object({ draws: z.number(), findings: z.array(z.object({ case: z.string(), intervals: shares })) }),
  );
  assert.equal(few.findings.length, 4);
  const meanOf = (which: string) =>
    few.findings.reduce((sum, { intervals }) => sum + (intervals[which] ?? Number.NaN), 0) / 4;
  const off = (which: string) => Math.abs(meanOf(which) - 0.95);
  for (const [ours, others] of [
    ['difference, CV3 t, worth', ['percentile', 'CV3 t', 'bootstrap t'].map((each) => `difference, ${each}`)],
    ['score, CV3 t, worth, logit', ['percentile', 'CV3 t', 'bootstrap t'].map((each) => `score, ${each}`)],
  ] as const) {
    assert.ok(off(ours) < 0.015, ours);
    for (const other of others) assert.ok(off(ours) < off(other), `${ours}, ${other}`);
  }
});

test('a simulation depends on its test set alone', async () => {
  assert.deepEqual(await simulate('biosses/rows/test', 3), await simulate('biosses/rows/test', 3));
});
