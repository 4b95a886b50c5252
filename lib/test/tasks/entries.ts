import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { UserError } from 'small-claims/project/error';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { temporaryFolder } from '../datasets/fixture.js';

export const TASKS = `triage:
  title: Triage
  question: how urgent a note is
  shape: one-of
  labels: [urgent, can wait]
  fields: { note: {}, history: { optional: true } }
  keys: { patient: patientId, wards: wardIds }
severity:
  title: Severity
  question: how severe a case is
  shape: number
  range: [0, 4]
  fields: { note: {} }
`;

export const PROMPTS = `plain:
  task: triage
  instruction: Read the note.
  fields: { note: 'Note:', history: 'Before:' }
  question: Is it urgent?
  answers: { urgent: 'Yes', can wait: 'No' }
score:
  task: severity
  instruction: Read the note.
  fields: { note: '' }
  question: How severe is it, from 0 to 4?
`;

/** A project with these tasks and prompts and nothing else. */
export function entries(tasks = TASKS, prompts = PROMPTS): Paths {
  const paths = projectPaths(temporaryFolder('entries'));
  mkdirSync(paths.data);
  writeFileSync(paths.tasksFile, tasks);
  writeFileSync(paths.promptsFile, prompts);
  return paths;
}

/** A text with one stretch replaced that stands in it once. */
export function changed(text: string, from: string, to: string): string {
  assert.equal(text.split(from).length, 2, from);
  return text.replace(from, to);
}

/** The mistake that is found. */
export function mistake(find: () => unknown): UserError {
  try {
    find();
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error;
  }
  return assert.fail('no mistake was found');
}
