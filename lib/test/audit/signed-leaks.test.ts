import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { audit } from 'small-claims/audit/audit';
import { LEAST_WORTH } from 'small-claims/audit/data';
import { labelAgreement } from 'small-claims/audit/measures/signed-leaks';
import { z } from 'zod';
import { near } from '../metrics/near.js';
import { expected } from '../reference/expected.js';
import { sharedPairs } from './synthetic.js';

const row = z.object({ label: z.string(), evidence: z.string(), group: z.number() });
const extreme = z.object({ groups: z.number(), agreement: z.array(z.number()), p: z.number() });
const reference = expected(
  'signed_leaks',
  z.object({
    train: z.array(row),
    test: z.array(row),
    pairs: z.number(),
    groups: z.number(),
    worth: z.number(),
    agreement: z.array(z.number()),
    chance: z.number(),
    excess: z.array(z.number()),
    p: z.number(),
    none: extreme,
    all: extreme,
  }),
);
const sided = (rows: typeof reference.train) => rows.map((each) => ({ ...each, gold: each.label }));

test('the agreement of labels of rows that share evidence has the excess, interval and p of numpy and scipy', () => {
  const found = labelAgreement({
    of: 'evidence',
    train: sided(reference.train),
    test: sided(reference.test),
    labels: ['no', 'unknown', 'yes'],
    valuesOf: ({ evidence }) => [evidence],
    clusters: { name: 'groups', keys: reference.test.map(({ group }) => String(group)) },
  });
  assert.ok(found);
  assert.deepEqual([found.pairs, found.groups], [reference.pairs, reference.groups]);
  const { agreement, chance, excess, p } = found;
  near([found.worth], [reference.worth], 5e-7);
  assert.ok(reference.worth < reference.groups - 5, 'groups are unequal');
  // Shares are kept to six decimals.
  near(
    [agreement.value, agreement.low, agreement.high, chance, excess.value, excess.low, excess.high],
    [...reference.agreement, reference.chance, ...reference.excess],
    5e-7,
  );
  near([p], [reference.p], 1e-9);
});

/** Groups of one test row and the training rows with its text, whose labels agree or do not. */
function pairsOf(sizes: readonly number[], agree: (group: number) => boolean) {
  const other = (label: string) => (label === 'yes' ? 'no' : 'yes');
  const test = sizes.map((_, group) => ({ gold: group % 2 ? 'yes' : 'no', text: `${group}` }));
  const train = test.flatMap(({ gold, text }, group) =>
    Array.from({ length: sizes[group] ?? 0 }, () => ({ gold: agree(group) ? gold : other(gold), text })),
  );
  const found = labelAgreement({
    of: 'text',
    train,
    test,
    labels: ['no', 'yes'],
    valuesOf: ({ text }) => [text],
    clusters: { name: 'groups', keys: test.map(({ text }) => text) },
  });
  return found ?? assert.fail('texts are shared');
}
const ones = (groups: number) => Array.from({ length: groups }, () => 1);

describe('where all pairs agree, or none does, the exact binomial bound stands for an error that the jackknife cannot see', () => {
  for (const [name, agrees, wanted] of [
    ['none', false, reference.none],
    ['all', true, reference.all],
  ] as const) {
    test(name, () => {
      const { agreement, excess, p } = pairsOf(ones(wanted.groups), () => agrees);
      near([agreement.value, agreement.low, agreement.high], wanted.agreement, 5e-7);
      near([p / wanted.p], [1], 1e-9);
      const { low = 0, high = 0 } = excess;
      assert.ok(
        high - low > (wanted.agreement[2] ?? 1) - (wanted.agreement[1] ?? 0) - 1e-5,
        `${low} to ${high}`,
      );
    });
  }
  test('one row fewer, so that labels are not quite balanced, makes little of a difference', () => {
    const [even, odd] = [100, 99].map((groups) => pairsOf(ones(groups), () => false).excess);
    for (const end of ['value', 'low', 'high'] as const)
      assert.ok(Math.abs((even?.[end] ?? 1) - (odd?.[end] ?? 0)) < 0.01, end);
  });
  test('of however many groups, p is not 0', () => {
    const { p } = pairsOf(ones(5000), () => false);
    assert.ok(p > 0 && p < 1e-300);
    const nearly = pairsOf(ones(5000), (group) => group < 3);
    assert.ok(nearly.p > 0 && nearly.p < 1e-300);
  });
});

test('the fewer equal groups they are worth, the more often a true null is rejected, and degrees of freedom of it help', () => {
  const { found } = expected(
    'unequal_groups',
    z.object({
      found: z.array(z.object({ worth: z.number(), groupsLessOne: z.number(), worthLessOne: z.number() })),
    }),
  );
  assert.equal(found.length, 15);
  const few = found.filter(({ worth }) => worth < LEAST_WORTH);
  assert.ok(few.length > 3);
  for (const { worthLessOne } of few) assert.ok(worthLessOne > 0.1);
  for (const { worth, worthLessOne } of found) if (worth >= 18) assert.ok(worthLessOne < 0.1);
  for (const { groupsLessOne, worthLessOne } of found) assert.ok(worthLessOne <= groupsLessOne);
});

test('groups worth fewer than ten equal ones tell nothing, however many they are', () => {
  const { groups, worth, agreement, excess, p } = pairsOf([400, ...ones(60)], (group) => group % 3 === 0);
  assert.equal(groups, 61);
  near([worth], [460 ** 2 / (400 ** 2 + 60)], 1e-5);
  assert.deepEqual([agreement.low, excess.low, p], [undefined, undefined, 1]);
  assert.ok(pairsOf(ones(61), (group) => group % 3 === 0).p < 0.05);
});

describe('where claims come with their negations, and the parts share the evidence', () => {
  const options = { replicates: 100, permutations: 999, splits: { draws: 0 } };
  const checkOf = async (way: 'same' | 'opposite' | 'any') => {
    const { train, test } = sharedPairs(1, way);
    const { checks, headline, verdict } = await audit(train, test, options);
    const check = checks.find(({ id }) => id === 'signed-evidence');
    assert.ok(check, 'evidence is shared');
    return { check, headline, verdict };
  };
  test('opposite labels are a leak, since it can be inverted, and the headline says so', async () => {
    const { check, headline, verdict } = await checkOf('opposite');
    assert.equal(check.verdict, 'leaks');
    assert.match(check.finding, /below chance, so that memory misleads/);
    assert.match(headline, /[Mm]isleading, and by that a giveaway: .*share the evidence/);
    assert.equal(verdict, 'leaks');
  });
  test('equal labels are one too', async () => {
    const { check } = await checkOf('same');
    assert.equal(check.verdict, 'leaks');
    assert.match(check.finding, /above chance, so that memory inflates a score/);
  });
  test('labels as they fall are none', async () => {
    const { check } = await checkOf('any');
    assert.equal(check.verdict, 'fine');
  });
});

test('an audit of few rows cannot tell, and says how many it would take', async () => {
  const { train, test } = sharedPairs(2, 'any', { groups: 12 });
  const { checks } = await audit(train, test, { replicates: 100, permutations: 99, splits: { draws: 0 } });
  const untold = checks.filter(({ verdict }) => verdict === 'cannot tell');
  assert.ok(untold.length > 0);
  for (const { finding } of untold) assert.match(finding, /needed|[Tt]oo few/);
});

test('floors by split say what compares nothing reaches by row, by text and by all that is shared', async () => {
  const { train, test } = sharedPairs(3, 'same', { groups: 60 });
  const { floorsBySplit = [] } = await audit(train, test, { replicates: 50, permutations: 99 });
  assert.deepEqual(
    floorsBySplit.map(({ by }) => by),
    ['row', 'claim', 'evidence', 'all'],
  );
  const meanOf = (by: string) => floorsBySplit.find((each) => each.by === by)?.macroF1['evidence']?.mean ?? 0;
  assert.ok(meanOf('row') > meanOf('evidence') + 0.2, 'evidence on both sides is known again');
});
