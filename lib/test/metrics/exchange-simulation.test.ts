import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { readSimulations } from 'small-claims/reporting/simulations';
import { z } from 'zod';
import { SETS, SPARSE_CASES, simulate } from '../reference/exchange.js';

const { draws, results } = readSimulations();
const { findings: fewest, ...few } = z
  .object({
    set: z.string(),
    draws: z.number(),
    findings: z.array(z.object({ case: z.string(), intervals: z.record(z.string(), z.number()) })),
  })
  .parse(
    JSON.parse(readFileSync(new URL('../../../data/simulations/few-groups.json', import.meta.url), 'utf8')),
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
        .flatMap(({ intervals }) =>
          [
            ['difference, CV3 t, worth', 'difference, percentile'],
            ['score, CV3 t, worth, logit', 'score, percentile'],
          ].map(([t = '', percentile = '']) => [intervals[t] ?? 0, intervals[percentile] ?? 1] as const),
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
  assert.equal(fewest.length, 4);
  const meanOf = (which: string) =>
    fewest.reduce((sum, { intervals }) => sum + (intervals[which] ?? Number.NaN), 0) / 4;
  const off = (which: string) => Math.abs(meanOf(which) - 0.95);
  for (const [ours, others] of [
    ['difference, CV3 t, worth', ['percentile', 'CV3 t', 'bootstrap t'].map((each) => `difference, ${each}`)],
    ['score, CV3 t, worth, logit', ['percentile', 'CV3 t', 'bootstrap t'].map((each) => `score, ${each}`)],
  ] as const) {
    assert.ok(off(ours) < 0.025, ours);
    for (const other of others) assert.ok(off(ours) < off(other), `${ours}, ${other}`);
  }
});

test('the intervals tried on the fewest groups are of the same draws', () => {
  const wanted = results[few.set]?.findings ?? assert.fail(few.set);
  for (const { case: name, intervals } of fewest) {
    const all = wanted.find((each) => each.case === name)?.intervals ?? assert.fail(name);
    for (const [which, share] of Object.entries(all)) {
      const reach = 4 * Math.sqrt((share * (1 - share)) / few.draws);
      assert.ok(Math.abs((intervals[which] ?? Number.NaN) - share) <= reach, `${name}, ${which}`);
    }
  }
});

test('the tables of docs/size-and-power.md are those of the simulation', () => {
  const page = readFileSync(new URL('../../../docs/size-and-power.md', import.meta.url), 'utf8');
  const told = page
    .split('\n')
    .map((line) => line.split('|').flatMap((cell) => (/^ \d+\.\d $/.test(cell) ? [Number(cell)] : [])))
    .filter(({ length }) => length > 0);
  const findings = sets.flatMap(([, each]) => each.findings);
  const of = (what: string, ways: readonly string[]) => ways.map((way) => `${what}, ${way}`);
  const shown = [
    ...of('difference', ['percentile', 'CV3 t', 'CV3 t, worth']),
    ...of('score', ['percentile', 'CV3 t', 'CV3 t, worth', 'CV3 t, worth, logit']),
  ];
  const wanted = [
    ...findings.map(({ tests }) => Object.values(tests)),
    ...findings.map(({ intervals }) => shown.map((which) => intervals[which] ?? Number.NaN)),
  ];
  assert.equal(wanted.length, 64);
  for (const [row, shares] of wanted.entries())
    for (const [column, share] of shares.entries())
      assert.ok(Math.abs((told[row]?.[column] ?? Number.NaN) - 100 * share) < 0.0501, `${row}, ${column}`);
});

test('what is committed is what the simulation draws today, of the smallest test set', async () => {
  assert.deepEqual(await simulate('biosses/rows/test', draws), results['biosses/rows/test']);
});

describe('where a system omits a label, or hardly gives it', () => {
  const sparse = readSparse();
  const shareOf = (set: string, name: string, which: string) =>
    sparse.results[set]?.findings.find((each) => each.case === name)?.tests[which] ??
    assert.fail(`${set}, ${name}`);
  const reach = 3 * Math.sqrt((0.05 * 0.95) / sparse.draws);
  const few = ['healthver/rows/test', 'healthver/rows/test, evidence not in dev'];

  test('all test sets and cases are there', () => {
    assert.deepEqual(Object.keys(sparse.results), [...SETS]);
    for (const { findings } of Object.values(sparse.results))
      assert.deepEqual(
        findings.map((each) => each.case),
        [...SPARSE_CASES],
      );
  });

  test('the larger p keeps the level, and finds less', () => {
    for (const set of SETS)
      for (const name of SPARSE_CASES.filter((each) => each.includes('gives') || each === 'omits a label'))
        assert.ok(shareOf(set, name, 'exchange, the larger') <= 0.05, `${set}, ${name}`);
    for (const set of few) {
      const [larger, studentised] = ['the larger', 'studentised'].map((which) =>
        shareOf(set, 'ahead, omits a label', `exchange, ${which}`),
      );
      assert.ok((larger ?? 1) < (studentised ?? 0), set);
    }
  });

  test('no test is safe with systems that hardly give any label but one, where rows are few', () => {
    const share = shareOf('pubmedqa/sample/test', 'nearly constant', 'exchange, the larger');
    assert.ok(share > 0.05 + reach, `${share}`);
  });
});

function readSparse() {
  const shares = z.record(z.string(), z.number());
  const finding = z.object({ case: z.string(), tests: shares });
  const url = new URL('../../../data/simulations/sparse-labels.json', import.meta.url);
  return z
    .object({ draws: z.number(), results: z.record(z.string(), z.object({ findings: z.array(finding) })) })
    .parse(JSON.parse(readFileSync(url, 'utf8')));
}
