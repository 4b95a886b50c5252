import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ownProject } from './own-project.js';

/** A project with made-up reports of drugs, which patients share. */
function withDrugs(t: Parameters<typeof ownProject>[0]) {
  const project = ownProject(t);
  const { run, put } = project;
  const row = (
    id: string,
    text: string,
    patient: string,
    ...spans: readonly (readonly [number, number, string])[]
  ) => JSON.stringify({ id, text, patient, spans });
  const train = put(
    'train.jsonl',
    row('1', 'Took zinc, 5 mg.', 'p1', [5, 9, 'Drug'], [11, 15, 'Dose']),
    row('2', 'Nothing taken.', 'p1'),
    row('3', 'Took \u001b[31mzinc\u202e and salt\u009b2J daily.', 'p2', [20, 24, 'Drug']),
  );
  const tests = put(
    'test.jsonl',
    row('4', 'nothing taken', 'p3'),
    row('5', 'Took salt.', 'p2', [5, 9, 'Drug']),
  );
  for (const args of [
    ['task', 'drugs', '--types', 'Drug,Dose', '--fields', 'text'],
    ['dataset', 'reports', '--file', train, '--test', tests, '--task', 'drugs'],
  ]) {
    const { status, stderr } = run('new', ...args);
    assert.equal(status, 0, stderr);
  }
  return project;
}

describe('small-claims rows', () => {
  test('says of each part of a data set how many rows, spans, words and empty fields it has, and what parts share', (t) => {
    const { run } = withDrugs(t);
    const { status, stdout, stderr } = run('rows', 'reports');
    assert.equal(status, 0, stderr);
    assert.equal(
      stdout,
      [
        'reports/rows/train: 3 rows of the task drugs (spans)',
        '  spans  Drug 2, Dose 1; none in 1 row',
        '  text   2 to 5 words, median 4',
        'reports/rows/test: 2 rows of the task drugs (spans)',
        '  spans  Drug 1, Dose 0; none in 1 row',
        '  text   2 to 2 words, median 2',
        '  rows with the same in reports/rows/train: text 1',
        '',
      ].join('\n'),
    );
  });

  test('shows rows with their texts, no control character among them', (t) => {
    const { run } = withDrugs(t);
    const { stdout } = run('rows', 'reports/rows/train', '--show', '3');
    const shown = stdout.split('\n').slice(3);
    assert.deepEqual(shown, [
      '  reports:train:1',
      '    answer  Drug 5-9 "zinc" | Dose 11-15 "5 mg"',
      '    text    Took zinc, 5 mg.',
      '  reports:train:2',
      '    answer  none',
      '    text    Nothing taken.',
      '  reports:train:3',
      '    answer  Drug 20-24 "salt"',
      '    text    Took \\u001b[31mzinc\\u202e and salt\\u009b2J daily.',
      '',
    ]);
    assert.doesNotMatch(run('rows', 'reports', '--show', '3', '--json').stdout, /[^\P{C}\n]/u);
  });

  test('tells the same as JSON, texts as they are', (t) => {
    const { run } = withDrugs(t);
    const [train, tests] = JSON.parse(run('rows', 'reports', '--json', '--show', '3').stdout);
    assert.deepEqual(train.answers, {
      counts: { Drug: 2, Dose: 1 },
      none: 1,
      cut: { spans: 0, first: null },
      spread: null,
    });
    assert.equal(train.shown[2].texts.text, 'Took \u001b[31mzinc\u202e and salt\u009b2J daily.');
    assert.deepEqual(tests.shared, [{ with: 'reports/rows/train', keys: {}, texts: { text: 1 } }]);
    assert.equal('shown' in JSON.parse(run('rows', 'reports/rows/test', '--json').stdout)[0], false);
  });

  test('names the nearest where there is no such build, and what there is where none is named', (t) => {
    const { run } = withDrugs(t);
    const wrong = run('rows', 'reports/rows/tets');
    assert.equal(wrong.status, 1);
    assert.match(wrong.stderr, /no build "reports\/rows\/tets"\n.*"reports\/rows\/test"/);
    assert.match(run('rows').stderr, /of which build\?\n.*reports/);
    assert.match(run('rows', 'reports', '--show', 'all').stderr, /--show takes a whole number/);
  });
});

test('an error that quotes a file quotes no control character of it', (t) => {
  const { run, put } = ownProject(t);
  const file = put('bad.csv', 'id,claim,evidence,verdict', '\u001b[2Ja,Tea,,open', '\u001b[2Ja,Zinc,,open');
  const { stderr } = run('new', 'dataset', 'bad', '--file', file, '--task', 'claim-verification');
  assert.match(stderr, /open/);
  const twice = run(
    ...['new', 'dataset', 'bad', '--file', file, '--task', 'claim-verification', '--columns', 'id=id'],
    ...['--labels', 'open=NEI'],
  );
  assert.match(twice.stderr, /row \\u001b\[2Ja is given twice/);
});
