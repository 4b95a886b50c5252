import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { auditSchema } from 'small-claims/audit/result';
import { projectPaths } from 'small-claims/project/paths';
import { cleanPairs, type Pair, planted } from '../../audit/synthetic.js';

const folder = mkdtempSync(join(tmpdir(), 'audit-'));
after(() => rmSync(folder, { recursive: true }));
const CLI = fileURLToPath(import.meta.resolve('small-claims/pipeline/cli'));

const smallIn = (cwd: string, ...args: readonly string[]) =>
  spawnSync(process.execPath, [CLI, 'audit', ...args], { cwd, encoding: 'utf8' });

/** Outside any project. */
const small = (...args: readonly string[]) => smallIn(folder, ...args);

function csv(name: string, rows: readonly Pair[], header = 'id,claim,evidence,label'): string {
  const cells = rows.map(({ id, claim, evidence, label }) => [id, claim, evidence, label].join(','));
  writeFileSync(join(folder, name), `${[header, ...cells].join('\n')}\n`);
  return name;
}

const clean = cleanPairs(2, { train: 200, test: 100 });
const leaky = planted(clean, 'unknown', 1, (row) => ({ ...row, evidence: '' }));
const QUICK = ['--replicates', '50', '--permutations', '199'];

describe('small-claims audit', () => {
  test('audits two files, outside any project, and writes the report and its JSON', () => {
    const [train, held] = [csv('train.csv', leaky.train), csv('test.csv', leaky.test)];
    const { status, stdout, stderr } = small(
      train,
      '--test',
      held,
      '--out',
      'r.html',
      '--json',
      'r.json',
      ...QUICK,
    );
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /train\.csv: claim from "claim", evidence from "evidence", label from "label", id from "id"/,
    );
    assert.match(stdout, /^LEAKS +Emptiness of fields:/m);
    assert.match(readFileSync(join(folder, 'r.html'), 'utf8'), /<h1>Audit of train\.csv and test\.csv/);
    const result = auditSchema.parse(JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')));
    assert.equal(result.verdict, 'leaks');
  });

  test('maps how a model learnt the training rows, and says which line of that does not fit', () => {
    const [train, held] = [csv('a.csv', clean.train), csv('b.csv', clean.test)];
    const line = ({ id, label }: Pair, row: number) =>
      JSON.stringify({
        id: `a:${id}`,
        epochs: [{ [label]: row % 2 ? 0.9 : 0.1 }, { [label]: row % 2 ? 1 : 0 }],
      });
    const lines = clean.train.map(line);
    const run = (content: readonly string[]) => {
      writeFileSync(join(folder, 'epochs.jsonl'), `${content.join('\n')}\n`);
      return small(train, '--test', held, '--epochs', 'epochs.jsonl', '--json', 'e.json', ...QUICK);
    };
    assert.equal(run(lines).status, 0);
    const { difficulty } = auditSchema.parse(JSON.parse(readFileSync(join(folder, 'e.json'), 'utf8')));
    assert.equal(difficulty.dynamics?.epochs, 2);
    assert.equal(difficulty.dynamics.points[1]?.confidence, 0.95);
    for (const [content, message] of [
      [lines.slice(1), /epochs\.jsonl.*the training row a:train:0 is missing/s],
      [[lines[0] ?? '', ...lines], /epochs\.jsonl:2.*given twice/s],
      [
        [JSON.stringify({ id: 'a:train:0', epochs: [{ nay: 0.5 }] }), ...lines.slice(1)],
        /epochs\.jsonl:1.*nay/s,
      ],
      [[JSON.stringify({ id: 'a:train:0', epochs: [{ yes: 2 }] }), ...lines.slice(1)], /epochs\.jsonl:1/],
    ] as const) {
      const { status, stderr } = run(content);
      assert.equal(status, 2);
      assert.match(stderr, message);
    }
  });

  test('compares the documents of two files that both name them, and of builds the keys of their task', () => {
    const from = (name: string, pairs: readonly Pair[], document: (at: number) => string) => {
      const lines = pairs.map(({ id, claim, evidence, label }, at) =>
        [id, claim, evidence, label, document(at)].join(),
      );
      writeFileSync(join(folder, name), `${['id,claim,evidence,label,pmid', ...lines].join('\n')}\n`);
      return name;
    };
    const train = from('from.csv', clean.train, (at) => `d${at}`);
    const checked = (held: string) => {
      assert.equal(small(train, '--test', held, '--json', 'k.json', ...QUICK).status, 0);
      const { checks } = auditSchema.parse(JSON.parse(readFileSync(join(folder, 'k.json'), 'utf8')));
      return checks.flatMap(({ id, verdict, rowCount }) =>
        id.startsWith('shared-key') ? [[id, verdict, rowCount]] : [],
      );
    };
    const held = from('held.csv', clean.test, (at) => `d${at < 50 ? at : at + 1000}`);
    assert.deepEqual(checked(held), [['shared-key-evidence', 'leaks', 50]]);
    assert.deepEqual(checked(csv('without.csv', clean.test)), []);
  });

  test('reads a file whose cells a semicolon parts, and says so, as of commas in a .tsv', () => {
    const file = csv('commas.csv', [...clean.train, ...clean.test]);
    const text = readFileSync(join(folder, file), 'utf8').replaceAll(',', ';');
    writeFileSync(join(folder, 'semicolons.csv'), text);
    const { status, stdout, stderr } = small('semicolons.csv', ...QUICK);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /semicolons\.csv: cells are parted by a semicolon\n/);
    assert.match(stdout, /semicolons\.csv \(train\) \(\d+ rows\)/);
    writeFileSync(join(folder, 'commas.tsv'), text.replaceAll(';', ','));
    const commas = small('commas.tsv', ...QUICK);
    assert.equal(commas.status, 0, commas.stderr);
    assert.match(commas.stderr, /commas\.tsv: cells are parted by a comma\n/);
  });

  test('tells the labels with their counts in both parts, those with few test rows by name', () => {
    const rare = clean.train.slice(0, 3).map((row) => ({ ...row, id: `rare ${row.id}`, label: 'rare' }));
    const { stdout } = small(
      csv('l.csv', [...clean.train, ...rare]),
      '--test',
      csv('m.csv', clean.test),
      ...QUICK,
    );
    assert.match(stdout, /^4 labels: \w+ \d+ and \d+, .*rare 3 and 0$/m);
    assert.match(stdout, /^Fewer than 10 test rows.*: rare \(0\)$/m);
  });

  test('test rows may have columns of other names, which options tell', () => {
    const [train, held] = [csv('n.csv', clean.train), csv('o.csv', clean.test, 'id,claim,text,gold')];
    const asked = [train, '--test', held, ...QUICK];
    const first = small(...asked);
    assert.equal(first.status, 2);
    assert.match(
      first.stderr,
      /o\.csv: evidence: no column is called "evidence", as that of n\.csv is\n.*--test-evidence COLUMN.*gold/,
    );
    const second = small(...asked, '--test-evidence', 'text');
    assert.match(
      second.stderr,
      /o\.csv: label: no column.*\n.*"gold" holds the same labels: say --test-label "gold"/,
    );
    const third = small(...asked, '--test-evidence', 'text', '--test-label', 'gold');
    assert.equal(third.status, 0, third.stderr);
    assert.match(third.stderr, /o\.csv: claim from "claim", evidence from "text", label from "gold"/);
    assert.match(small(train, '--test-label', 'gold').stderr, /--test-label is of the file of --test/);
  });

  test('exits with 1 where a check is at or above --fail-on, with 2 where the input is wrong, else with 0', () => {
    const file = csv('all.csv', [...leaky.train, ...leaky.test]);
    assert.equal(small(file, '--fail-on', 'leaks', ...QUICK).status, 1);
    assert.equal(small(file, ...QUICK).status, 0);
    const nothing = csv('clean.csv', [...clean.train, ...clean.test]);
    assert.equal(small(nothing, '--fail-on', 'look', ...QUICK).status, 0);
    for (const [args, message] of [
      [['none.csv'], /none\.csv: cannot be read/],
      [['scifact/rationales/train'], /no Small Claims project at or above/],
      [[file, '--group', 'patient'], /cannot be divided by "patient"\n.*row, all, claim, evidence/],
      [[file, '--test-share', '2'], /between 0 and 1/],
      [[], /no file to audit/],
      [[file, '--label', 'verdict'], /--label: no column is called "verdict"/],
      [[file, '--fail-on', 'never'], /--fail-on takes look, leaks/],
      [[file, '--nonsense'], /nonsense/],
      [[file, '--out', file], /--out: is what the command reads/],
      [[file, '--json', 'none/r.json'], /--json: there is no folder/],
      [[csv('three.csv', clean.train.slice(0, 12))], /too few rows/],
    ] as const) {
      const { status, stderr } = small(...args);
      assert.equal(status, 2, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, message);
    }
  });

  test('names the nearest build where there is neither file nor build of a name', () => {
    const { status, stderr } = smallIn(projectPaths().root, 'scifact/rationale/train');
    assert.equal(status, 2, stderr);
    assert.match(
      stderr,
      /no build[^\n]*\n +The nearest is "scifact\/rationales\/train"; builds of scifact: /,
    );
  });

  test('tells rows apart of two files that have one name', () => {
    for (const part of ['one', 'two']) mkdirSync(join(folder, part), { recursive: true });
    const [train, held] = [csv('one/rows.csv', leaky.train), csv('two/rows.csv', leaky.train)];
    const { status, stderr } = small(
      train,
      '--test',
      held,
      '--out',
      'same.html',
      '--json',
      'same.json',
      '--show-text',
      ...QUICK,
    );
    assert.equal(status, 0, stderr);
    const { data, checks } = auditSchema.parse(JSON.parse(readFileSync(join(folder, 'same.json'), 'utf8')));
    assert.deepEqual([data.train.name, data.test.name], ['rows.csv (train)', 'rows.csv (test)']);
    const named = checks.flatMap(({ rows }) => rows);
    assert.ok(named.length > 0);
    for (const id of named) assert.match(id, /^(train|test):rows:/);
  });

  test('refuses a label that only the test has, naming the row', () => {
    const strange = [...clean.test, { id: 'x9', claim: 'a', evidence: 'b', label: 'perhaps' }];
    const { status, stderr } = small(csv('train.csv', clean.train), '--test', csv('test.csv', strange));
    assert.equal(status, 2);
    assert.match(stderr, /test\.csv: label: row test:x9 has the label "perhaps".*\n.*no, unknown, yes/);
  });

  test('takes a file without a header, and prints the schema', () => {
    csv('bare.csv', clean.train, '0,a,b,yes');
    const { status, stderr } = small(
      'bare.csv',
      '--no-header',
      '--id',
      '1',
      '--claim',
      '2',
      '--evidence',
      '3',
      '--label',
      '4',
      ...QUICK,
    );
    assert.equal(status, 0, stderr);
    const schema = JSON.parse(small('--schema').stdout);
    assert.ok(schema.properties.checks);
  });
});
