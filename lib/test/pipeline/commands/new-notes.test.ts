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
  assert.equal(run('new', 'task', 'nights', '--fields', 'note', '--labels', 'yes,no').status, 0);
  assert.match(
    readFileSync(paths.tasksFile, 'utf8'),
    /# What rows may share, .*\n {2}# keys: \{ patient: patientId \}\n$/,
  );
  const { status, stderr } = run('new', 'task', 'days', '--labels', 'a,b', '--keys', 'Patient No');
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

test('columns that nothing is taken from are told, and one that ends as an id does names the rows', (t) => {
  const { run, put } = ownProject(t);
  const lines = csv(PLAIN.map((row, at) => (at === 0 ? row.with(0, 'note_id') : row)));
  const { status, stdout, stderr } = run(
    'new',
    'dataset',
    'own',
    '--file',
    put('own.csv', ...lines),
    '--fields',
    'note',
  );
  assert.equal(status, 0, stderr);
  assert.match(stdout, /rows named by "note_id"/);
  assert.match(stderr, /own\.csv: left aside: "patient"; what rows share, .*--keys/);
});

test('a label that the task has not is a slip of the option, not of the file', (t) => {
  const { status, stderr, entry } = drafted(t, 'own.csv', csv(PLAIN), '--labels', 'yes=yess');
  assert.equal(status, 1);
  assert.match(stderr, /^--labels: the task nights has no label "yess"\n.*nearest is "yes"/);
  assert.equal(entry, '');
});

test('a row of JSON that lacks the answer is refused, and one whose key is misspelt', (t) => {
  for (const [odd, message] of [
    ['{"note": "Woke", "topcs": ["b"], "patient": "p"}', /own\.jsonl:2: topics: .*\n.*"topcs"/],
    ['{"note": "Woke", "patient": "p"}', /own\.jsonl:2: topics: .*\n.*It has note, patient/],
    ['{"note": "Woke", "topics": [], "patint": "p"}', /own\.jsonl:2: patient: .*\n.*"patint"/],
    ['{"nte": "Woke", "topics": [], "patient": "p"}', /own\.jsonl:2: note: .*\n.*"nte"/],
  ] as const) {
    const { run, put } = ownProject(t);
    const file = put(
      'own.jsonl',
      '{"note": "Slept", "topics": ["a", "b"], "patient": "p"}',
      odd,
      '{"note": "Rose", "topics": ["a"], "patient": "q"}',
    );
    const asked = ['new', 'dataset', 'own', '--file', file, '--fields', 'note', '--keys', 'patient'];
    const { status, stderr } = run(...asked);
    assert.equal(status, 1, odd);
    assert.match(stderr, message);
  }
});

test('a key that a row of JSON has not, and none that looks like it, is nothing shared; null is no label', (t) => {
  const { run, put } = ownProject(t);
  const file = put(
    'own.jsonl',
    '{"note": "Slept", "topics": ["a", "b"], "patient": "p"}',
    '{"note": "Woke", "topics": null}',
    '{"note": "Rose", "topics": ["a"], "patient": "q"}',
  );
  const { status, stdout, stderr } = run(
    'new',
    'dataset',
    'own',
    '--file',
    file,
    '--fields',
    'note',
    '--keys',
    'patient',
  );
  assert.equal(status, 0, stderr);
  assert.match(stdout, /all: 3 rows \(a 2, b 1; none in 1 row\)/);
});

test('spans that begin or end inside a word are told with their row, as slipped offsets do', (t) => {
  const { run, put } = ownProject(t);
  const file = put(
    'own.jsonl',
    '{"text": "Took zinc.", "spans": [{"start": 5, "end": 9, "type": "Drug"}]}',
    '{"text": "Took zincs, or salt.", "spans": [{"start": 5, "end": 9, "type": "Drug"}, {"start": 15, "end": 19, "type": "Drug"}]}',
  );
  const { status, stdout, stderr } = run('new', 'dataset', 'own', '--file', file);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /Drug 3; 1 begins or ends inside a word, first in own:all:2\)/);
  assert.match(run('rows', 'own').stdout, /Drug 3; 1 begins or ends inside a word, first in own:all:2/);
});

test('a new task takes its main measure, and labels where its answers have some', (t) => {
  const { paths, run } = ownProject(t);
  const spans = ['new', 'task', 'pico', '--types', 'P,I', '--measure'];
  assert.match(run(...spans, 'word-f1').stderr, /^--measure: .*no measure "word-f1"\n.*word-macro-f1/);
  assert.equal(run(...spans, 'word-macro-f1').status, 0);
  assert.match(readFileSync(paths.tasksFile, 'utf8'), /measure: word-macro-f1/);
  assert.match(run('new', 'task', 'topics', '--shape', 'some-of').stderr, /which, --labels says/);
});
