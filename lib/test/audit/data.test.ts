import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditData } from 'small-claims/audit/data';
import { countsOf, targetsOf } from 'small-claims/learners/targets';
import { UserError } from 'small-claims/project/error';

const row = (id: string, label: string) => ({ id, label, claim: `c ${id}`, evidence: '' });

test('labels are those of both parts in order, whatever they are and wherever they are missing', () => {
  const { labels } = auditData([row('1', 'yes'), row('2', 'maybe')], [row('1', 'no')]);
  assert.deepEqual(labels, ['maybe', 'no', 'yes']);
  const targets = targetsOf(['yes', 'maybe', 'yes'], labels);
  assert.deepEqual([...targets], [2, 0, 2]);
  assert.deepEqual([...countsOf(targets, labels.length)], [1, 0, 2]);
});

test('labels can be given, in the order that tables are to have', () => {
  const given = ['yes', 'no', 'maybe'];
  assert.deepEqual(auditData([row('1', 'yes')], [row('1', 'no')], { labels: given }).labels, given);
  assert.throws(
    () => auditData([row('1', 'yes')], [row('7', 'nope')], { labels: given }),
    (error) => error instanceof UserError && /row 7 of the test part is "nope"/.test(error.message),
  );
});

test('what cannot be audited is refused: no rows, one label, an id given twice', () => {
  assert.throws(() => auditData([row('1', 'yes')], []), /no rows in the test part/);
  assert.throws(() => auditData([row('1', 'yes')], [row('1', 'yes')]), /every row is labelled yes/);
  assert.throws(() => auditData([row('1', 'yes'), row('1', 'no')], [row('1', 'no')]), /id 1 occurs twice/);
});
