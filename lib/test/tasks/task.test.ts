import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTask, labelsOf } from 'small-claims/tasks/task';
import { changed, entries, mistake, TASKS } from './entries.js';

test('a task is an entry, its fields and labels in the order of the file', () => {
  const paths = entries();
  const task = findTask('triage', paths);
  assert.deepEqual(Object.keys(task.fields), ['note', 'history']);
  assert.deepEqual(labelsOf(task), ['urgent', 'can wait']);
  assert.throws(() => labelsOf(findTask('severity', paths)), /the task severity has no labels: .* numbers/);
});

test('a mistake in tasks.yaml is named by file, line and field', () => {
  for (const [from, to, line, field, message] of [
    ['  title: Triage', '  titel: Triage', 2, 'triage.titel', /unknown key "titel"[\s\S]*"title"/],
    [
      'shape: one-of',
      'shape: oneof',
      4,
      'triage.shape',
      /must be one of one-of, some-of, number, spans, text\n.*The nearest is "one-of"/,
    ],
    [
      'range: [0, 4]',
      'labels: [0, 4]',
      12,
      'severity.labels',
      /unknown key "labels"\n {2}It goes with shape one-of or shape some-of\. Known here: (?!.*(?:labels|types)).*range/,
    ],
    [
      'range: [0, 4]',
      'range: [0, 4]\n  measure: macro-f1',
      13,
      'severity.measure',
      /of the shape number has no measure "macro-f1"\n.*pearson, spearman/,
    ],
    [
      'labels: [urgent, can wait]',
      'labels: [urgent, can wait]\n  measure: f1-urgnt',
      6,
      'triage.measure',
      /The nearest is "f1-urgent"; known: .*f1-can-wait/,
    ],
    ['[urgent, can wait]', 'urgent, can wait', 5, 'triage.labels', /list[\s\S]*\[urgent, can wait\]/],
    [
      ', history: { optional: true } }',
      ', history: 1 }',
      6,
      'triage.fields.history',
      /\{ optional: \.\.\. \}/,
    ],
    ['range: [0, 4]', 'range: [4, 0]', 12, 'severity.range', /must rise/],
    ['[urgent, can wait]', '[urgent]', 5, 'triage.labels', /2/],
    ['[urgent, can wait]', '[urgent, urgent]', 5, 'triage.labels[1]', /"urgent" is given twice/],
    [
      '[urgent, can wait]',
      '[urgent, Urgent]',
      5,
      'triage.labels[1]',
      /"Urgent" differs from "urgent" in case/,
    ],
    ['[urgent, can wait]', '[urgent, "wait "]', 5, 'triage.labels[1]', /no space at its ends/],
    ['[urgent, can wait]', '[urgent, 1]', 5, 'triage.labels[1]', /must be text: a number .* needs quotes/],
    ['wards: wardIds', 'ward: patientId', 7, 'triage.keys', /calls two keys alike/],
    ['range: [0, 4]', 'range: [0, 4.25]', 12, 'severity.range', /more decimals than `digits`/],
    ['fields: { note: {} }', 'fields: {}', 13, 'severity.fields', /names no field/],
    ['{ note: {} }', '{ Note: {} }', 13, 'severity.fields.Note', /lower-case letter/],
    ['optional: true', 'optinal: true', 6, 'triage.fields.history.optinal', /"optional"/],
    ['patientId', 'patient', 7, 'triage.keys.patient', /must end in Id/],
    ['severity:', 'Severity_:', 8, 'Severity_', /kebab-case/],
  ] as const) {
    const paths = entries(changed(TASKS, from, to));
    const { at, message: text } = mistake(() => findTask('triage', paths));
    assert.deepEqual(at, { file: paths.tasksFile, line, field }, text);
    assert.match(text, message);
  }
});

test('a task that there is not is refused with the nearest', () => {
  const paths = entries();
  const { at, hint } = mistake(() => findTask('triages', paths));
  assert.deepEqual(at, { file: paths.tasksFile });
  assert.match(hint ?? '', /nearest is "triage"; known: triage, severity/);
  mistake(() => findTask('constructor', paths));
});
