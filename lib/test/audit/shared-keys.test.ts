import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from 'small-claims/audit/audit';
import { auditData } from 'small-claims/audit/data';
import { sharedKeys } from 'small-claims/audit/measures/shared-keys';
import { sharedTexts } from 'small-claims/audit/measures/shared-texts';
import { auditSchema } from 'small-claims/audit/result';
import { withId } from 'small-claims/project/with-id';
import type { Row } from 'small-claims/tasks/row';
import { cleanPairs } from './synthetic.js';

const clean = cleanPairs(11, { train: 120, test: 100 });
const rows = (pairs: typeof clean.train, keysOf: (at: number) => Row['keys']): readonly Row<string>[] =>
  pairs.map(({ id, label, claim, evidence }, at) => ({
    ...{ id, gold: label, texts: { claim, evidence } },
    keys: keysOf(at),
  }));
const asked = { replicates: 50, permutations: 99, keys: ['patient'] };

test('test rows with a patient of training are counted, each once, and named with a row of the patient', () => {
  const data = auditData(
    rows(clean.train, (at) => ({ patient: [`p${at}`] })),
    rows(clean.test, (at) => ({ patient: at < 3 ? [`p${at}`, `p${at + 1}`, 'new'] : [] })),
  );
  assert.deepEqual(sharedKeys(data, ['patient'], sharedTexts(data)), [
    {
      key: 'patient',
      rows: 3,
      share: 0.03,
      pairs: [
        ['test:0', 'train:0'],
        ['test:1', 'train:1'],
        ['test:2', 'train:2'],
      ],
    },
  ]);
});

test('no shared patient is fine, one is to be looked at, and of 5 % of the test rows on they leak', async () => {
  const train = rows(clean.train, (at) => ({ patient: [`p${at}`] }));
  for (const [shared, verdict] of [
    [0, 'fine'],
    [1, 'look'],
    [4, 'look'],
    [5, 'leaks'],
  ] as const) {
    const tried = rows(clean.test, (at) => ({ patient: [at < shared ? `p${at}` : `q${at}`] }));
    const result = auditSchema.parse(await audit(train, tried, asked));
    const check = withId(result.checks, 'shared-key-patient');
    assert.deepEqual([check.verdict, check.rowCount, check.rows.length], [verdict, shared, shared]);
    assert.match(check.finding, new RegExp(`${shared}\\.0 %\\) (has|have) a value of the key patient`));
  }
});

test('a key that no row has tells nothing, nor one that is as its text; one that links more than its text does', () => {
  const hashed = (text: string) => [text.toLowerCase()];
  const repeated = [
    ...clean.test.slice(0, 98),
    ...clean.train.slice(0, 2).map((row) => ({ ...row, id: `t${row.id}` })),
  ];
  const keyed = (pairs: typeof clean.train, documentOf: (at: number) => string) =>
    rows(pairs, (at) => ({ claim: hashed(pairs[at]?.claim ?? ''), evidence: [documentOf(at)], author: [] }));
  const data = auditData(
    keyed(clean.train, (at) => `d${at % 10}`),
    keyed(repeated, (at) => `d${at % 20}`),
  );
  const found = sharedKeys(data, ['claim', 'evidence', 'author', 'none'], sharedTexts(data));
  assert.deepEqual(
    found.map(({ key, rows: count }) => [key, count]),
    [['evidence', 50]],
  );
});

test('keys are compared where they are asked for alone, so that audits kept as records stay what they are', async () => {
  const train = rows(clean.train, () => ({ patient: ['p'] }));
  const result = await audit(
    train,
    rows(clean.test, () => ({ patient: ['p'] })),
    { ...asked, keys: [] },
  );
  assert.equal('sharedKeys' in result, false);
  assert.equal(
    result.checks.some(({ id }) => id.startsWith('shared-key')),
    false,
  );
});
