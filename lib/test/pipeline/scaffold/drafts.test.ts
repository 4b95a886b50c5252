import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { entryText, writeDraft } from 'small-claims/pipeline/scaffold/draft';
import { draftReader } from 'small-claims/pipeline/scaffold/reader-draft';
import { draftStudy } from 'small-claims/pipeline/scaffold/study-draft';
import { outlinedTask, taskEntries } from 'small-claims/pipeline/scaffold/task-draft';
import { UserError } from 'small-claims/project/error';
import { projectPaths } from 'small-claims/project/paths';
import { findTask } from 'small-claims/tasks/task';
import ts from 'typescript';
import { parse } from 'yaml';
import { loadReader } from '../../datasets/load-reader.js';
import { scratchProject } from '../scratch-project.js';

const paths = projectPaths();

test('an entry is YAML that says what was meant, with comments where they belong', () => {
  const value = {
    title: 'Tea: a study',
    splits: { all: 'a.csv' },
    columns: { id: 'no', gold: 'y' },
    labels: ['yes', 'no'],
    long: 'word '.repeat(40).trim(),
  };
  const text = entryText('tea', value, {
    comments: { splits: 'The parts.', 'columns.gold': 'The answer.', 'columns.none': 'Not there.' },
    flat: ['splits', 'labels'],
  });
  assert.deepEqual(parse(text), { tea: value });
  assert.match(text, /\n {2}# The parts\.\n {2}splits: \{ all: a\.csv \}\n/);
  assert.match(text, /\n {4}# The answer\.\n {4}gold: y\n {2}labels: \[yes, no\]\n {2}long: >-\n/);
  assert.ok(!text.includes('Not there.'));
  assert.ok(text.split('\n').every((line) => line.length <= 110));
});

describe('a draft is written', () => {
  const entry = (file: string, name: string) => ({ file, name, text: `${name}:\n  a: 1\n` });

  test('at the end of what is there, whose bytes stay', async (t) => {
    const { tasksFile, root, ...others } = scratchProject(t);
    const there = '# Tasks\r\none:   {a: 1} # odd layout\n\n\n  # no line end';
    writeFileSync(tasksFile, there);
    const file = join(root, 'new', 'file.txt');
    const draft = { entries: [entry(tasksFile, 'two')], files: [{ path: file, content: 'x' }] };
    const written = await writeDraft(draft, { tasksFile, root, ...others }, () => {});
    assert.deepEqual(written, ['data/tasks.yaml: two', 'new/file.txt']);
    assert.equal(readFileSync(tasksFile, 'utf8'), `${there}\n\ntwo:\n  a: 1\n`);
    assert.equal(readFileSync(file, 'utf8'), 'x');
  });

  test('not over an entry or another file of the name; a file of the same bytes may be there', async (t) => {
    const project = scratchProject(t);
    writeFileSync(project.tasksFile, 'two: {}\n');
    const same = join(project.root, 'same.txt');
    writeFileSync(same, 'x');
    const there = (content: string) => ({ entries: [], files: [{ path: same, content }] });
    await assert.rejects(
      writeDraft(there('y'), project, () => {}),
      /same\.txt: there is such a file already/,
    );
    assert.deepEqual(await writeDraft(there('x'), project, () => {}), []);
    await assert.rejects(
      writeDraft({ entries: [entry(project.tasksFile, 'two')], files: [] }, project, () => {}),
      /there is an entry "two" already/,
    );
  });

  test('not at all where the result is refused', async (t) => {
    const project = scratchProject(t);
    writeFileSync(project.tasksFile, 'one: {}\n');
    const file = join(project.root, 'new.txt');
    const draft = { entries: [entry(project.tasksFile, 'two')], files: [{ path: file, content: 'x' }] };
    const refuse = () => {
      throw new UserError('no');
    };
    await assert.rejects(writeDraft(draft, project, refuse), /no/);
    assert.equal(readFileSync(project.tasksFile, 'utf8'), 'one: {}\n');
    assert.throws(() => readFileSync(file), /ENOENT/);
  });
});

const TASKS = [
  findTask('claim-verification'),
  findTask('cancer-hallmarks'),
  outlinedTask({ name: 'quoted', shape: 'one-of', labels: ["don't know", 'yes'], fields: ['text'] }),
  outlinedTask({ name: 'plain', shape: 'text', fields: ['dialogue'] }),
  outlinedTask({ name: 'names', shape: 'spans', labels: ['Drug'], fields: ['text'] }),
  outlinedTask({
    name: 'likeness',
    shape: 'number',
    range: [0, 4],
    fields: ['first', 'second'],
    keys: { document: 'documentId' },
  }),
];

test('drafts are laid out as the house is: nothing for the formatter or the linter to say', () => {
  const folder = mkdtempSync(join(paths.root, 'build', 'drafts-'));
  try {
    mkdirSync(join(folder, 'inside'));
    writeFileSync(
      join(folder, 'biome.json'),
      readFileSync(join(paths.root, 'biome.json'), 'utf8').replace('"enabled": true', '"enabled": false'),
    );
    const draft = draftStudy('first', ['pubmedqa'], paths);
    for (const { path, content } of draft.files)
      writeFileSync(join(folder, 'inside', basename(path)), content);
    for (const [at, task] of TASKS.entries()) {
      for (const { text, file } of taskEntries(task, paths))
        writeFileSync(join(folder, 'inside', `${at}-${basename(file)}`), text);
      const reader = draftReader(`odd-${at}`, task, {}, paths);
      for (const { text } of reader.entries) writeFileSync(join(folder, 'inside', `${at}.yaml`), text);
      for (const { path, content } of reader.files)
        writeFileSync(join(folder, 'inside', `${at}-${basename(path)}`), content);
    }
    const biome = join(paths.root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    const { status, stdout, stderr } = spawnSync(process.execPath, [biome, 'check', 'inside'], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout + stderr, /Checked 31 files/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a reader’s stub and its test compile as they are written', () => {
  const drafts = TASKS.map((task, at) => draftReader(`drafted-${at}`, task, {}, paths));
  const files = new Map(
    drafts
      .flatMap(({ files }) => files.map(({ path, content }) => [path, content.toString()] as const))
      .filter(([path]) => path.endsWith('.ts')),
  );
  assert.equal(files.size, 2 * TASKS.length);
  const config = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(paths.root, 'lib', 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    join(paths.root, 'lib'),
  );
  const options: ts.CompilerOptions = {
    ...config.options,
    composite: false,
    incremental: false,
    noEmit: true,
    rootDir: paths.root,
    types: ['node'],
  };
  delete options.tsBuildInfoFile;
  const host = ts.createCompilerHost(options);
  const [fileExists, readFile] = [host.fileExists, host.readFile];
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  const program = ts.createProgram([...files.keys()], options, host);
  const flaws = [...files.keys()].flatMap((name) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(name)),
  );
  assert.deepEqual(
    flaws.map(
      ({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    ),
    [],
  );
});

test('the reader drafted for spans keeps them on their words where white space is normalised', async (t) => {
  const task = outlinedTask({ name: 'names', shape: 'spans', labels: ['Drug'], fields: ['text'] });
  const files = new Map(
    draftReader('names', task, {}, paths).files.map(({ path, content }) => [
      basename(path),
      content.toString(),
    ]),
  );
  const fixture = files.get('names.txt') ?? '';
  assert.equal(fixture, 'An  invented text.\n4 12 Drug invented\n');
  const unwritten = /return lines\.map\([\s\S]*?\n {2}\}\);/;
  const stub = files.get('names.ts') ?? '';
  assert.match(stub, unwritten);
  const read = await loadReader(
    stub.replace(
      unwritten,
      `const [text = '', span = ''] = lines, [start, end, type, words] = span.split(' ');
       const gold = [{ type, start: Number(start), end: Number(end), text: words }];
       return [{ at: { file, line: 2, field: 'gold' }, id: '1', gold, keys: {}, texts: { text } }];`,
    ),
    join(scratchProject(t).root, 'names.mjs'),
  );
  const rows = (text: string) =>
    read({
      dataset: 'names',
      build: 'rows',
      seed: undefined,
      split: 'all',
      files: [{ path: 'names.txt', bytes: Buffer.from(text) }],
      task,
      entry: {},
    });
  const gold = [{ type: 'Drug', start: 3, end: 11 }];
  assert.deepEqual(rows(fixture), [
    { id: 'names:all:1', gold, keys: {}, texts: { text: 'An invented text.' } },
  ]);
  assert.match(files.get('names.test.ts') ?? '', /gold: \[\{ type: 'Drug', start: 3, end: 11 \}\]/);
  assert.throws(
    () => rows(fixture.replace('4 12', '3 11')),
    /names\.txt:2: gold: .* is "invente" in the text/,
  );
});
