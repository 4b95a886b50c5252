import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelSets } from 'small-claims/audit/builds/build-answers';
import type { Task } from 'small-claims/tasks/task';
import { z } from 'zod';
import { expected } from '../reference/expected.js';

const rows = z.array(z.object({ text: z.string(), labels: z.array(z.string()) }));
const reference = expected(
  'label_sets',
  z.object({
    labels: z.array(z.string()),
    train: rows,
    test: rows,
    predicted: z.array(z.array(z.string())),
  }),
);

const task = {
  name: 'symptoms',
  title: 'Symptoms',
  question: 'which symptoms a note tells of',
  shape: 'some-of' as const,
  fields: { note: { optional: false } },
  keys: {},
  labels: reference.labels,
} satisfies Task;

const rowsOf = (some: z.infer<typeof rows>) =>
  some.map(({ text, labels }, index) => ({ id: `${index}`, gold: labels, keys: {}, texts: { note: text } }));

test('label sets by words are those of OneVsRestClassifier', () => {
  const answers = labelSets(task, rowsOf(reference.train), rowsOf(reference.test));
  assert.deepEqual(answers, reference.predicted);
  assert.notDeepEqual(
    answers,
    reference.test.map(({ labels }) => labels),
    'some are wrong, so that the penalty matters',
  );
});

test('a label that every training row has is given to all, one that none has to none', () => {
  const train = rowsOf(reference.train).map((row) => ({ ...row, gold: ['fever'] }));
  assert.deepEqual(labelSets(task, train, rowsOf(reference.test).slice(0, 2)), [['fever'], ['fever']]);
});
