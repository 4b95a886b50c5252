import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { ownProject } from './own-project.js';

const HEAD = ['pair_id', 'patient', 'note', 'verdict'];
const rows = (...cells: readonly (readonly string[])[]) => [HEAD, ...cells];
const PLAIN = rows(
  ['a1', 'P1', 'Slept badly, as ever', 'yes'],
  ['a2', 'P1', 'Slept well', 'no'],
  ['a3', 'P2', 'Did not sleep', 'yes'],
);
const csv = (cells: readonly (readonly string[])[]) =>
  cells.map((row) => row.map((cell) => (/[,\t]/.test(cell) ? `"${cell}"` : cell)).join(','));

/** A data set of a file, drafted: what is told of it, and its entry. */
function drafted(t: TestContext, name: string, lines: readonly string[], ...options: readonly string[]) {
  const { paths, run, put } = ownProject(t);
  const task = run('new', 'task', 'nights', '--labels', 'yes,no', '--fields', 'note', '--keys', 'patient');
  assert.equal(task.status, 0, task.stderr);
  const said = run('new', 'dataset', 'own', '--file', put(name, ...lines), '--task', 'nights', ...options);
  return { ...said, entry: readFileSync(paths.datasetsFile, 'utf8').split('\nown:\n')[1] ?? '' };
}

test('where ids of a data set are unique and its key has a column, nothing is left to be told', (t) => {
  const { status, stdout, stderr, entry } = drafted(t, 'own.csv', csv(PLAIN));
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  assert.match(stdout, /key patient from "patient", rows named by "pair_id"/);
  assert.match(entry, /keys: \{ patient: patient \}/);
});

test('an id that comes again is told by its line, since rows are then named by theirs', (t) => {
  const again = PLAIN.map((row) => (row[0] === 'a3' ? ['a1', ...row.slice(1)] : row));
  const { status, stderr, entry } = drafted(t, 'own.csv', csv(again));
  assert.equal(status, 0, stderr);
  assert.match(stderr, /own\.csv:4: the column "pair_id" has "a1" again, so that rows are not named by it/);
  assert.doesNotMatch(entry, /pair_id/);
});

test('a key of the task that no column is named for is told, with the column that may be meant', (t) => {
  const other = PLAIN.map((row, at) => (at === 0 ? row.with(1, 'patient_no') : row));
  const { status, stderr } = drafted(t, 'own.csv', csv(other));
  assert.equal(status, 0, stderr);
  assert.match(
    stderr,
    /no column is named for the key patient of the task nights: .*leak.*--columns patient=patient_no/,
  );
});

for (const [name, mark, called] of [
  ['own.csv', '\t', 'a tab'],
  ['own.tsv', ',', 'a comma'],
  ['own.tsv', ';', 'a semicolon'],
] as const)
  test(`${called} that parts the cells of ${name} is seen, told and written into the entry`, (t) => {
    const lines = PLAIN.map((row) => row.map((cell) => cell.replace(',', '')).join(mark));
    const { status, stdout, stderr, entry } = drafted(t, name, lines);
    assert.equal(status, 0, stderr);
    assert.match(stderr, new RegExp(`cells are parted by ${called}\n`));
    assert.match(stdout, /all: 3 rows \(yes 2, no 1\)/);
    assert.equal(parse(`own:\n${entry}`).own.table.separator, mark);
  });

test('a label that is misspelt is told by file, line and column, and asked about before it is mapped', (t) => {
  const wrong = PLAIN.map((row) => (row[0] === 'a2' ? row.with(3, 'yess') : row));
  const { status, stderr, entry } = drafted(t, 'own.csv', csv(wrong));
  assert.equal(status, 1);
  assert.match(
    stderr,
    /own\.csv:3: verdict: the answer "yess" is none of the task nights, which has yes, no\n/,
  );
  assert.match(stderr, /Misspelt, "yess" for yes\? Then mend the file\. .*--labels 'yess=yes'/);
  assert.equal(entry, '');
});

test('a new task of a data set takes its keys with it, and says how where a key is not told', (t) => {
  const { paths, run, put } = ownProject(t);
  const file = put(
    'own.jsonl',
    '{"note": "Slept", "label": "yes", "meta": {"who": 1}}',
    '{"note": "Woke", "label": "no", "meta": {"who": 1}}',
    '{"note": "Rose", "label": "no", "meta": {"who": 2}}',
  );
  const asked = [
    'new',
    'dataset',
    'own',
    '--file',
    file,
    '--fields',
    'note',
    '--columns',
    'patient=meta.who',
  ];
  const without = run(...asked);
  assert.equal(without.status, 1);
  assert.match(without.stderr, /no key "patient"\n.*For a new key, add --keys patient\./);
  const withKey = run(...asked, '--keys', 'patient');
  assert.equal(withKey.status, 0, withKey.stderr);
  assert.match(withKey.stdout, /key patient from "meta\.who"/);
  assert.match(readFileSync(paths.tasksFile, 'utf8'), /keys: \{ patient: patientId \}\n$/);
});

test('the stub of a task without keys says what they are for, and a key of another form is refused', (t) => {
  const { paths, run } = ownProject(t);
  assert.equal(run('new', 'task', 'nights', '--fields', 'note').status, 0);
  assert.match(
    readFileSync(paths.tasksFile, 'utf8'),
    /# What rows may share, .*\n {2}# keys: \{ patient: patientId \}\n$/,
  );
  const { status, stderr } = run('new', 'task', 'days', '--keys', 'Patient No');
  assert.equal(status, 1);
  assert.match(stderr, /a key cannot be called "Patient No"\n.*--keys patient/);
});

test('of an entry that is not written after all no line is named', (t) => {
  const { run, put, texts } = ownProject(t);
  const before = texts();
  const { status, stderr } = run(
    'new',
    'dataset',
    'own',
    '--file',
    put('own.csv', 'note,label', 'Slept,yes', 'Woke,yes'),
    '--fields',
    'note',
    '--shape',
    'one-of',
  );
  assert.equal(status, 1);
  assert.match(stderr, /tasks\.yaml: own\.labels: needs at least 2\n {2}Nothing is written\./);
  assert.deepEqual(texts(), before);
});
