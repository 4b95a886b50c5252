import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { audit } from 'small-claims/audit/audit';
import { labelAgreement } from 'small-claims/audit/measures/signed-leaks';
import { z } from 'zod';
import { near } from '../metrics/near.js';
import { expected } from '../reference/expected.js';
import { sharedPairs } from './synthetic.js';

const row = z.object({ label: z.string(), evidence: z.string(), group: z.number() });
const reference = expected(
  'signed_leaks',
  z.object({
    train: z.array(row),
    test: z.array(row),
    pairs: z.number(),
    groups: z.number(),
    agreement: z.number(),
    chance: z.number(),
    excess: z.array(z.number()),
    p: z.number(),
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
  // Shares are kept to six decimals.
  near(
    [agreement, chance, excess.value, excess.low, excess.high],
    [reference.agreement, reference.chance, ...reference.excess],
    5e-7,
  );
  near([p], [reference.p], 1e-9);
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
