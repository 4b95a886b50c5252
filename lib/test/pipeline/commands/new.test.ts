import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadBuild } from 'small-claims/datasets/builds';
import { buildFacts } from 'small-claims/datasets/facts';
import { sha256 } from 'small-claims/project/digest';
import { openStudy } from 'small-claims/study/study';
import { findPrompt } from 'small-claims/tasks/prompt';
import { parse } from 'yaml';
import { ownProject } from './own-project.js';

const claims = [
  'id,statement,abstract,verdict,pmid,note',
  ...Array.from({ length: 80 }, (_, at) =>
    [
      at,
      `Tea number ${at} helps sleep`,
      `"Mice, ${at % 7} of them, slept"`,
      at % 2 ? 'supports' : 'not enough-info',
      at % 9,
      '',
    ].join(','),
  ),
];

describe('small-claims new dataset', () => {
  test('of a file for a task of ours: an entry that works at once, for rows, facts and the audit', async (t) => {
    const { paths, run, put, texts } = ownProject(t);
    const before = texts();
    const [task, labels] = ['claim-verification', 'supports=SUPPORT,not enough-info=NEI'];
    const { status, stdout, stderr } = run(
      ...[
        'new',
        'dataset',
        'sleepy',
        '--file',
        put('My claims.csv', ...claims),
        '--task',
        task,
        '--labels',
        labels,
      ],
    );
    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /^claim from "statement", evidence from "abstract", answers \(one-of\) from "verdict", key evidence from "pmid", rows named by "id"\nall: 80 rows \(SUPPORT 40, NEI 40\)\nwritten: data\/datasets\.yaml: sleepy\nwritten: data\/raw\/sleepy\/My-claims\.csv\n/,
    );
    assert.match(stdout, /npx small-claims audit sleepy\/rows\/all/);
    const after = texts();
    assert.ok(after[0]?.startsWith(`${before[0]}\nsleepy:\n`), 'what was there stays as it was to the byte');
    assert.deepEqual(after.slice(1), before.slice(1));
    const [first] = await loadBuild('sleepy/rows/all', { paths });
    assert.deepEqual(
      [first?.id, first?.gold, first?.keys['evidence'], first?.texts['evidence']],
      ['sleepy:all:0', 'NEI', ['0'], 'Mice, 0 of them, slept'],
    );
    assert.equal((await buildFacts('sleepy/rows/all', paths)).rows.length, 80);
    const audited = run('audit', 'sleepy/rows/all', '--replicates', '50', '--permutations', '99');
    assert.equal(audited.status, 0, audited.stderr);
    assert.match(audited.stdout, /sleepy\/rows\/all/);
  });

  /** Files as people have them; what a new task of them is, and the first row. */
  const guessed: readonly (readonly [
    string,
    string,
    readonly string[],
    object,
    readonly unknown[],
    ...string[],
  ])[] = [
    [
      'labels, its cells parted by semicolons',
      'notes.csv',
      [
        'Visit;Note;Urgency',
        '1;"Chest pain; since noon";now',
        '2;Tick bite, on the leg;later',
        '3;Rash on the arm;later',
      ],
      { shape: 'one-of', labels: ['later', 'now'], fields: { note: {} } },
      ['now', { note: 'Chest pain; since noon' }],
      ...['--columns', 'gold=Urgency'],
    ],
    [
      'label sets',
      'topics.jsonl',
      [
        '{"doc": 1, "text": "Aches at night", "topics": ["pain", "sleep"]}',
        '{"doc": 2, "text": "Fine", "topics": []}',
      ],
      { shape: 'some-of', labels: ['pain', 'sleep'], fields: { text: {} } },
      [['pain', 'sleep'], { text: 'Aches at night' }],
    ],
    [
      'numbers',
      'pairs.csv',
      ['sentence1,sentence2,score', 'Tea helps,Tea is good,3.5', 'Tea helps,It rains,0'],
      { shape: 'number', range: [0, 4], digits: 1, fields: { sentence1: {}, sentence2: {} } },
      [3.5, { sentence1: 'Tea helps', sentence2: 'Tea is good' }],
    ],
    [
      'spans',
      'drugs.jsonl',
      ['{"text": "Took aspirin", "entities": [[5, 12, "DRUG"]]}', '{"text": "Took none", "entities": []}'],
      { shape: 'spans', types: ['DRUG'], fields: { text: {} } },
      [[{ type: 'DRUG', start: 5, end: 12 }], { text: 'Took aspirin' }],
    ],
    [
      'texts',
      'notes.csv',
      ['Dialogue,Summary', '"D: Well?\nP: No, not at all.",Unwell.', 'D: Well? P: Quite well.,Well.'],
      { shape: 'text', fields: { dialogue: {} } },
      [['Unwell.'], { dialogue: 'D: Well? P: No, not at all.' }],
    ],
  ];
  for (const [what, name, lines, expected, [gold, texts], ...options] of guessed) {
    test(`of a file with ${what}: a task, a prompt and an entry as the file looks`, async (t) => {
      const { paths, run, put } = ownProject(t);
      const args = ['new', 'dataset', 'mine', '--file', put(name, ...lines), ...options];
      const { status, stdout, stderr } = run(...args);
      assert.equal(status, 0, stderr);
      assert.equal(
        /correct by hand the range 0 to 4 .* guessed from the file/.test(stdout),
        what === 'numbers',
      );
      const {
        title: _,
        question: __,
        ...task
      }: Record<string, unknown> = parse(readFileSync(paths.tasksFile, 'utf8')).mine;
      assert.deepEqual(task, expected);
      assert.equal(findPrompt('mine', paths).task.name, 'mine');
      const [first] = await loadBuild('mine/rows/all', { paths });
      assert.deepEqual([first?.gold, first?.texts], [gold, texts]);
    });
  }

  test('of two files: train and test, which a study can name', (t) => {
    const { paths, run, put } = ownProject(t);
    const rows = ['text,label', 'Tea helps,yes', 'Tea harms,no', 'It rains,no'];
    const [train, held] = [put('train.csv', ...rows), put('test.csv', ...rows, 'It snows,no')];
    assert.equal(run('new', 'dataset', 'mine', '--file', train, '--test', held).status, 0);
    const { status, stderr } = run('new', 'study', 'first', '--datasets', 'mine,pubmedqa,hoc');
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      openStudy('first', paths).plan.datasets.map(({ train, test, prompt }) => [train, test, prompt]),
      [
        ['mine/rows/train', 'mine/rows/test', 'mine'],
        ['pubmedqa/rows/train', 'pubmedqa/rows/test', 'yes-no-maybe'],
        ['hoc/sentences/train', 'hoc/sentences/test', 'hallmarks-listed'],
      ],
    );
  });

  test('of two files with a reader: each part is hashed, copied and named', (t) => {
    const { paths, run, put } = ownProject(t);
    const [train, held] = [put('train.txt', 'Tea helps', 'yes'), put('test.txt', 'Tea harms', 'no')];
    const args = ['new', 'dataset', 'mine', '--reader', '--task', 'claim-verification'];
    const { status, stderr } = run(...args, '--file', train, '--test', held);
    assert.equal(status, 0, stderr);
    const { splits, files } = parse(readFileSync(paths.datasetsFile, 'utf8')).mine;
    assert.deepEqual(splits, { train: 'train.txt', test: 'test.txt' });
    for (const name of ['train.txt', 'test.txt']) {
      const bytes = readFileSync(join(paths.raw, 'mine', name));
      assert.deepEqual(bytes, readFileSync(join(paths.root, name)));
      assert.deepEqual(files[name], { sha256: sha256(bytes) });
    }
    const text = readFileSync(join(paths.readerTests, 'mine.test.ts'), 'utf8');
    assert.match(text, /'mine\/rows\/train', \{ 'train\.txt'/);
  });

  test('what is wrong writes nothing, and is told with what to do', (t) => {
    const { paths, run, put, texts } = ownProject(t);
    const before = texts();
    const file = put('c.csv', ...claims);
    const verification = ['--task', 'claim-verification'];
    for (const [args, says] of [
      [['dataset', 'mine'], /after a look at its file\n.*--reader/],
      [
        [
          'dataset',
          'scifact',
          '--file',
          file,
          ...verification,
          '--labels',
          'supports=SUPPORT,not enough-info=NEI',
        ],
        /datasets\.yaml: there is an entry "scifact" already\n.*left as it is/,
      ],
      [
        ['dataset', 'mine', '--file', file, ...verification],
        /"not enough-info", "supports" are none of the task claim-verification, which has SUPPORT, CONTRADICT, NEI\n.*--labels 'not enough-info=LABEL,supports=SUPPORT'/,
      ],
      [
        ['dataset', 'mine', '--file', file, '--task', 'claim-verificaton'],
        /no task "claim-verificaton"\n.*claim-verification/,
      ],
      [
        ['dataset', 'mine', '--file', file, '--columns', 'gold=verdit'],
        /no column is called "verdit"\n.*"verdict"/,
      ],
      [
        ['dataset', 'mine', '--file', file, ...verification, '--columns', 'clam=statement'],
        /no field and no key "clam"\n.*"claim"/,
      ],
      [
        ['dataset', 'mine', '--file', put('odd.csv', 'a,b', '1,2')],
        /which column holds the answers cannot be told.*\n.*--columns gold=COLUMN/,
      ],
      [
        ['dataset', 'mine', '--file', put('gap.csv', 'text,label', 'Tea,yes', ',no', 'Tea,no')],
        /gap\.csv:3: text: empty/,
      ],
      [['dataset', 'mine', '--reader', ...verification, '--test', file], /--test goes with --file/],
      [
        ['dataset', 'mine', '--reader', ...verification, '--file', file, '--test', file],
        /two files are called c\.csv/,
      ],
      [['dataset', 'mine', '--file', 'none.csv'], /none\.csv: cannot be read/],
      [['dataset', 'Mine', '--file', file], /nothing can be called "Mine"/],
      [['task', 'mine', '--shape', 'number', '--labels', 'a,b'], /shape number have no labels/],
      [['task', 'mine', '--shape', 'spans'], /spans have types: which, --types says/],
      [['task', 'mine', '--shape', 'some-of', '--types', 'a,b'], /--types are of spans.*some-of\n.*--labels/],
      [['task', 'mine', '--labels', 'a,b', '--fields', 'Text'], /a field cannot be called "Text"/],
      [
        ['task', 'claim-verification', '--labels', 'a,b'],
        /tasks\.yaml: there is an entry "claim-verification" already/,
      ],
      [['study', 'mine', '--datasets', 'scifakt'], /no data set "scifakt"\n.*"scifact"/],
      [['thing', 'mine'], /takes dataset, task or study/],
    ] as const) {
      const { status, stderr } = run('new', ...args);
      assert.equal(status, 1, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, says);
    }
    assert.deepEqual(texts(), before);
    assert.equal(existsSync(paths.raw), false);
  });
});
