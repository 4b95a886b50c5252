import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import { audit } from 'small-claims/audit/audit';
import { auditJsonSchema, auditSchema, type Check } from 'small-claims/audit/result';
import { UserError } from 'small-claims/project/error';
import { cleanPairs, planted } from './synthetic.js';

const QUICK = { replicates: 200, permutations: 400 };
const clean = cleanPairs(1);

function flagged(checks: readonly Check[]): readonly string[] {
  return checks.filter(({ verdict }) => verdict !== 'fine').map(({ id }) => id);
}

function found(checks: readonly Check[], id: string): Check {
  return checks.find((check) => check.id === id) ?? assert.fail(`no check ${id}`);
}

describe('an audit', () => {
  test('flags nothing in pairs whose labels are dealt out at random', async () => {
    const { train, test } = cleanPairs(1, { train: 1500, test: 900 });
    const result = await audit(train, test, { ...QUICK, splits: { draws: 0 } });
    assert.deepEqual(flagged(result.checks), []);
    assert.equal(result.verdict, 'fine');
    assert.match(result.headline, /^No rule that never reads the claim/);
  });

  test('names a token that gives the label away in 5 % of the rows', async () => {
    const { train, test } = planted(clean, 'yes', 0.15, (row) => ({ ...row, claim: `${row.claim} zebra` }));
    const { checks } = await audit(train, test, QUICK);
    const check = found(checks, 'words-claim');
    assert.equal(check.verdict, 'leaks');
    assert.match(check.finding, /"zebra" \(yes, 100 %/);
    const holding = [...train, ...test].filter(({ claim }) => claim.endsWith('zebra')).map(({ id }) => id);
    assert.equal(check.rowCount, holding.length);
    assert.deepEqual(check.rows, holding.slice(0, 100));
    assert.equal(found(checks, 'words-evidence').verdict, 'fine');
  });

  test('names a field that is empty for one label, and the rows', async () => {
    const { train, test } = planted(clean, 'unknown', 1, (row) => ({ ...row, evidence: '' }));
    const result = await audit(train, test, QUICK);
    const check = found(result.checks, 'empty-fields');
    assert.equal(check.verdict, 'leaks');
    assert.match(
      check.finding,
      /emptiness of the evidence \(1 or 0\), more for the label unknown \(AUC 100\.0 %\)/,
    );
    assert.equal(check.rowCount, [...train, ...test].filter(({ evidence }) => evidence === '').length);
    assert.match(result.headline, /^A (rule|classifier) that never reads the claim.* points over/);
  });

  test('names a row of the test that is in training', async () => {
    const [first] = clean.train;
    assert.ok(first);
    const test = [...clean.test, { ...first, id: 'copy', claim: first.claim.toUpperCase() }];
    const { checks } = await audit(clean.train, test, QUICK);
    const check = found(checks, 'shared-pairs');
    assert.equal(check.verdict, 'look');
    assert.deepEqual(check.rows, ['copy']);
    const leaking = await audit(
      [...clean.train, ...clean.test.slice(0, 10).map((row) => ({ ...row, id: `c${row.id}` }))],
      clean.test,
      QUICK,
    );
    assert.equal(found(leaking.checks, 'shared-pairs').verdict, 'leaks');
  });

  test('parts rows by what half-readers get right, and says what AFLite takes out beyond chance', async () => {
    const { train, test } = planted(clean, 'yes', 1, (row) => ({ ...row, claim: `${row.claim} zebra` }));
    const { difficulty } = await audit(train, test, QUICK);
    const { subsets, filtering, dynamics } = difficulty;
    assert.deepEqual(subsets.by, ['claim', 'evidence']);
    assert.equal(subsets.hard.labels['yes'], 0);
    assert.ok((subsets.easy.labels['yes'] ?? 0) > 0);
    assert.equal(dynamics, null);
    assert.equal(filtering.removed.rows + filtering.kept.rows, filtering.rows);
    assert.equal(
      filtering.rounds.reduce((sum, each) => sum + each, 0),
      filtering.removed.rows,
    );
    assert.ok(filtering.removed.rows > 1.5 * filtering.removedByChance, JSON.stringify(filtering.rounds));
  });

  test('maps training rows by how a model learnt them, where it is told', async () => {
    // Every other row is learnt at once, the rest never.
    const labels = ['no', 'unknown', 'yes'];
    const epoch = clean.train.flatMap(({ label }, index) =>
      labels.map((each) => ((each === label) === (index % 2 === 0) ? 0.9 : 0.05)),
    );
    const { difficulty } = await audit(clean.train, clean.test, { ...QUICK, epochs: [epoch, epoch] });
    const { dynamics } = difficulty;
    assert.ok(dynamics);
    assert.deepEqual([dynamics.epochs, dynamics.easy.rows, dynamics.hard.rows], [2, 200, 200]);
    const even = (id: string) => clean.train.findIndex((row) => row.id === id) % 2 === 0;
    assert.ok(dynamics.easy.ids.every(even) && !dynamics.hard.ids.some(even));
    await assert.rejects(
      audit(clean.train, clean.test, { ...QUICK, epochs: [[0.5]] }),
      /epoch 1 has 1 probabilities, not 3 for each of 600 rows/,
    );
  });

  test('is plain JSON that fits its schema, the same for the same seed', async () => {
    const result = await audit(clean.train, clean.test, QUICK);
    assert.deepEqual(auditSchema.parse(JSON.parse(JSON.stringify(result))), result);
    assert.deepEqual(await audit(clean.train, clean.test, QUICK), result);
    assert.match(JSON.stringify(auditJsonSchema()), /"headline"/);
  });

  test('holds no text of a row', async () => {
    const result = JSON.stringify(await audit(clean.train, clean.test, QUICK));
    for (const { claim, evidence } of clean.test) {
      assert.ok(!result.includes(claim) && !result.includes(evidence));
    }
  });

  test('takes rows of one text, and never says leaks of their words', async () => {
    const one = (rows: typeof clean.train) =>
      rows.map((row) => ({
        ...row,
        evidence: '',
        claim: row.label === 'yes' ? `${row.claim} zebra` : row.claim,
      }));
    const { checks, data } = await audit(one(clean.train), one(clean.test), QUICK);
    assert.deepEqual(data.fields, ['claim']);
    assert.equal(found(checks, 'words-claim').verdict, 'look');
    assert.equal(
      checks.find(({ id }) => id.endsWith('-evidence') || id.endsWith('-alone')),
      undefined,
    );
  });

  test('of few rows of one text says the same in its headline as in its check of rules that count', async () => {
    const notes = (part: string) =>
      Array.from({ length: 20 }, (_, row) => ({
        id: `${part}:${row}`,
        label: ['no', 'unknown', 'yes'][row % 3] ?? '',
        note: `${'word '.repeat(4 * (row % 3) + (row % 4))}${part}${row}`,
      }));
    const { headline, checks } = await audit(notes('train'), notes('test'), QUICK);
    const rules = found(checks, 'rules');
    assert.equal(rules.verdict, 'leaks');
    const [points] = /[\d.]+ points over/.exec(rules.finding) ?? assert.fail(rules.finding);
    assert.ok(headline.startsWith('A rule that only counts (') && headline.includes(points), headline);
  });

  test('refuses what cannot be audited', async () => {
    await assert.rejects(audit([], clean.test, QUICK), UserError);
    await assert.rejects(audit(clean.train.slice(0, 3), clean.test, QUICK), /too few|at least/);
    await assert.rejects(
      audit(
        clean.train.map((row) => ({ ...row, label: 'yes' })),
        clean.test.map((row) => ({ ...row, label: 'yes' })),
        QUICK,
      ),
      /nothing to tell apart/,
    );
  });
});
