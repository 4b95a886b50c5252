import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sha256 } from 'small-claims/project/digest';
import { ownProject } from './own-project.js';

const WORDS = ['cough', 'fever', 'rash', 'sleep', 'pain', 'salt', 'tea', 'mint', 'sage', 'rue'];
/** Notes of patients, two of each, no two alike. */
const NOTES = Array.from({ length: 160 }, (_, at) => {
  const word = (step: number) => WORDS[Math.floor(at / 10 ** step) % 10] ?? '';
  return {
    id: `n${at}`,
    note: `${word(0)} ${word(1)} ${word(2)} ${at}`,
    patient: `p${Math.floor(at / 2)}`,
    label: at % 3 ? 'yes' : 'no',
  };
});

/** A project with notes of patients, labelled and with spans, and the command in it. */
function ownNotes(t: TestContext, rows: readonly object[] = NOTES) {
  const { paths, run } = ownProject(t);
  const content = rows.map((row) => `${JSON.stringify({ spans: [], ...row })}\n`).join('');
  const raw = join(paths.raw, 'notes');
  mkdirSync(raw, { recursive: true });
  // Two files of one content would be one file in two splits.
  const files = { 'train.jsonl': content, 'test.jsonl': `${content}\n` };
  for (const [file, text] of Object.entries(files)) appendFileSync(join(raw, file), text);
  const hashes = Object.entries(files).map(([file, text]) => `    ${file}: { sha256: ${sha256(text)} }`);
  appendFileSync(
    paths.tasksFile,
    '\nsick:\n  title: Sick\n  question: whether\n  shape: one-of\n  labels: ["yes", "no"]\n  fields: { note: {} }\n  keys: { patient: patientId }\n' +
      '\nsigns:\n  title: Signs\n  question: which\n  shape: spans\n  types: [Sign]\n  fields: { note: {} }\n',
  );
  for (const [name, task, gold, keys] of [
    ['notes', 'sick', 'label', '{ patient: patient }'],
    ['marked', 'signs', 'spans', '{}'],
  ])
    appendFileSync(
      paths.datasetsFile,
      `\n${name}:\n  title: ${name}\n  licence: made up\n  task: ${task}\n  reader: table\n  splits: { train: train.jsonl, test: test.jsonl }\n  columns: { id: id, gold: ${gold}, fields: { note: note }, keys: ${keys} }\n  files:\n${hashes.join('\n')}\n`,
    );
  return (...args: readonly string[]) => run('audit', ...args, '--replicates', '50', '--permutations', '199');
}

/** The verdict and line of a check. */
const lineOf = (stdout: string, title: RegExp) =>
  stdout.split('\n').find((line) => /^[A-Z]{4}/.test(line) && title.test(line)) ?? '';

test('one build is divided so that nothing its rows share is on both sides, keys among it', (t) => {
  const audit = ownNotes(t);
  const { status, stdout, stderr } = audit('notes/rows/train');
  assert.equal(status, 0, stderr);
  assert.match(
    stderr,
    /notes\/rows\/train was divided by all that rows share \(note, patient\): \d+ rows to train/,
  );
  assert.match(lineOf(stdout, /patient/), /^FINE .* 0 rows of the test/);
});

test('--group overrules that, and what is then on both sides is nobody’s leak', (t) => {
  const audit = ownNotes(t);
  const { status, stdout, stderr } = audit('notes/rows/train', '--group', 'row', '--fail-on', 'leaks');
  assert.match(stderr, /was divided by row/);
  assert.match(
    lineOf(stdout, /Key patient|patient/),
    /^CANNOT TELL .* of the test .* The audit itself divided these rows/,
  );
  assert.equal(status, 0, stdout);
});

test('where all rows are linked it is divided by the first text alone, and that is said', (t) => {
  const audit = ownNotes(
    t,
    NOTES.map((row) => ({ ...row, patient: 'the same' })),
  );
  const { status, stdout, stderr } = audit('notes/rows/train');
  assert.equal(status, 0, stderr);
  assert.match(
    stderr,
    /form 1 group, the largest of 160 of 160 rows: too few to divide, so that only the note is kept/,
  );
  assert.match(lineOf(stdout, /patient/), /^CANNOT TELL /);
});

test('few groups in the test are told before anything is, with what to do', (t) => {
  const audit = ownNotes(
    t,
    NOTES.map((row, at) => ({ ...row, patient: `p${Math.floor(at / 8)}` })),
  );
  assert.match(
    audit('notes/rows/train').stderr,
    /The test has [2-9] groups of rows that share nothing, and below 10 nothing can be tested: hold out more with --test-share/,
  );
});

test('spans, which no audit takes, are referred to what tells what their parts share', (t) => {
  const { status, stderr } = ownNotes(t)('marked/rows/train');
  assert.equal(status, 2);
  assert.match(stderr, /are spans[\s\S]*npx small-claims rows marked\/rows\/train marked\/rows\/test\n/);
});
