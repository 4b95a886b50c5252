import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossFitted, fitOffsets, labelWith } from 'small-claims/metrics/label-offsets';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { near } from './near.js';

const reference = expected(
  'label_offsets',
  z.object({
    groups: z.array(z.int()),
    gold: z.array(z.string()),
    logprobs: z.array(z.array(z.number())),
    offsets: z.array(z.number()),
    before: z.number(),
    after: z.number(),
    crossFitted: z.array(z.string()),
  }),
);
const LABELS = ['SUPPORT', 'CONTRADICT', 'NEI'];
const rows = reference.gold.map((gold, row) => ({
  id: String(row),
  gold,
  logprobs: reference.logprobs[row] ?? [],
}));
const clusters = { name: 'groups', keys: reference.groups.map(String) };

test('offsets of labels are those that numpy and scikit-learn find, and gain macro-F1', () => {
  assert.ok(reference.after > reference.before + 0.05);
  near(fitOffsets(rows, LABELS), reference.offsets, 1e-9);
});

test('labels with offsets of other groups are those of an independent fit', () => {
  assert.deepEqual(crossFitted(rows, clusters, LABELS), reference.crossFitted);
  const raw = rows.map(({ logprobs }) => LABELS[labelWith(logprobs, [0, 0, 0])]);
  assert.notDeepEqual(reference.crossFitted, raw);
});

test('the labels of a group do not decide what it is given', () => {
  const [of] = [clusters.keys[0]];
  const changed = rows.map((row, index) => (clusters.keys[index] === of ? { ...row, gold: 'NEI' } : row));
  assert.equal(crossFitted(changed, clusters, LABELS)[0], crossFitted(rows, clusters, LABELS)[0]);
});

test('where the label that comes first is right throughout, nothing is moved', () => {
  const right = rows.map((row) => ({ ...row, gold: LABELS[labelWith(row.logprobs, [0, 0, 0])] ?? '' }));
  assert.deepEqual(fitOffsets(right, LABELS), [0, 0, 0]);
});
