import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { audit } from 'small-claims/audit/audit';
import type { AuditResult } from 'small-claims/audit/result';
import { auditPage } from 'small-claims/audit-report/page';
import { summaryText } from 'small-claims/audit-report/summary';
import { cleanPairs, type Pair, planted } from './synthetic.js';

const QUICK = { replicates: 200, permutations: 999, splits: { draws: 0 } };
// Evidence is empty for one label: as plain a shortcut as there is.
const pairs = planted(cleanPairs(3, { train: 240, test: 120 }), 'unknown', 1, (row) => ({
  ...row,
  evidence: '',
}));
const UNTOLD = 'cannot tell';

/** The pairs as rows of so many patients in either part. */
const ofPatients = (rows: readonly Pair[], patients: number) =>
  rows.map(({ id, label, ...texts }, index) => ({
    id,
    gold: label,
    texts,
    keys: { patient: [`${id.slice(0, 2)}${index % patients}`] },
  }));
const audited = (learnt: number, tried: number) =>
  audit(ofPatients(pairs.train, learnt), ofPatients(pairs.test, tried), QUICK);

const [many, three, one, learntFromOne] = await Promise.all([
  audited(60, 30),
  audited(60, 3),
  audited(60, 1),
  audited(1, 30),
]);
const tested = new Set(many.checks.flatMap(({ id, p }) => (p === null ? [] : [id])));
const tests = ({ checks }: AuditResult) => checks.filter(({ id }) => tested.has(id));
const estimatesOf = ({ features, rules, partialInputs }: AuditResult) => [
  ...features.map(({ auc }) => auc),
  ...rules.flatMap(({ accuracy, macroF1, gain }) => [accuracy, macroF1, gain]),
  ...partialInputs.flatMap(({ accuracy, macroF1, gain, parts }) => [
    ...[accuracy, macroF1, gain],
    ...parts.flatMap((part) => [part.accuracy, part.macroF1]),
  ]),
];

test('empty evidence of one label leaks where the rows are of many patients', () => {
  assert.ok(tests(many).some(({ id, verdict }) => id === 'empty-fields' && verdict === 'leaks'));
  assert.ok(estimatesOf(many).some((each) => each?.low !== undefined));
});

for (const [result, patients, linked] of [
  [three, 3, 'form 3 groups of linked rows'],
  [one, 1, 'are all linked with one another'],
] as const) {
  describe(`of test rows of ${patients === 1 ? 'one patient' : 'three patients'}`, () => {
    test('there is no interval, not even one without width', () => {
      assert.equal(result.data.test.groups, patients);
      const bounded = estimatesOf(result).filter(
        (each) => each?.low !== undefined || each?.high !== undefined,
      );
      assert.ok(estimatesOf(result).length > 20);
      assert.deepEqual(bounded, []);
    });

    test('no test of them comes to anything but "cannot tell", and says what is needed', () => {
      const rested = tests(result).filter(({ area }) => area !== 'words');
      assert.deepEqual(
        ['empty-fields', 'evidence-alone', 'rules', 'prior-shift'].filter(
          (id) => !rested.some((check) => check.id === id),
        ),
        [],
      );
      for (const { id, verdict, p, finding } of rested) {
        assert.deepEqual([id, verdict, p], [id, UNTOLD, null]);
        assert.ok(finding.includes(`the rows of test ${linked}. At least 10 groups`), finding);
      }
    });

    test('a count, such as of shared rows, is told as ever', () => {
      const counted = (some: AuditResult) => some.checks.filter(({ id }) => !tested.has(id));
      assert.ok(counted(result).length > 3);
      assert.deepEqual(counted(result), counted(many));
    });

    test('the headline says that it cannot be told, and names no rule', () => {
      assert.match(result.headline, /cannot be told|could not have found anything/);
      assert.doesNotMatch(result.headline, /reaches an accuracy/);
    });

    test('terminal and page give scores without an interval', async () => {
      assert.match(summaryText(result), /CANNOT TELL Emptiness of fields: .*Not tested/);
      const page = await auditPage(result);
      assert.ok(page.includes('At least 10 groups that share nothing are needed.'));
      assert.doesNotMatch(page, /NaN|undefined|\((\d+\.\d)–\1\)/);
    });
  });
}

test('words are tested where the training rows are of groups enough, whatever the test rows are', () => {
  const words = (result: AuditResult) => result.checks.filter(({ area }) => area === 'words');
  assert.equal(words(one).length, 2);
  const found = (result: AuditResult) => words(result).map(({ id, p }) => ({ id, p }));
  assert.deepEqual(found(one), found(many));
  for (const { verdict, finding } of words(learntFromOne)) {
    assert.equal(verdict, UNTOLD);
    assert.match(finding, /the rows of train are all linked with one another/);
  }
});

test('test rows that are all of one text tell nothing of others', async () => {
  const same = (id: string, index: number) => ({ id, label: index % 2 ? 'yes' : 'no', text: 'Sage calms.' });
  const rows = (part: string) => Array.from({ length: 30 }, (_, index) => same(`${part}${index}`, index));
  const { data, checks } = await audit(rows('learnt '), rows('tried '), QUICK);
  assert.deepEqual([data.train.groups, data.test.groups], [1, 1]);
  const untold = checks.filter(({ verdict }) => verdict === UNTOLD).map(({ id }) => id);
  assert.deepEqual(untold, ['signed-text', 'prior-shift', 'empty-fields', 'form', 'rules', 'words-text']);
});
