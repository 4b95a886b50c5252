import { strict as assert } from 'node:assert';
import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readCatalogue } from 'small-claims/datasets/catalogue';
import { projectPaths } from 'small-claims/project/paths';
import { findTask } from 'small-claims/tasks/task';
import ts from 'typescript';
import { loadReader } from '../datasets/load-reader.js';
import { scratchProject } from '../pipeline/scratch-project.js';
import { page, ROOT } from './pages.js';

/** The files that the diffs of CONTRIBUTING.md add, or what they add to files, by path. */
const added = new Map(
  page('CONTRIBUTING.md')
    .blocks.filter(({ language }) => language === 'diff')
    .flatMap(({ text }) => text.split(/^--- .*\n\+\+\+ b\//m).slice(1))
    .map((part): [string, string] => {
      const [path = '', ...lines] = part.trimEnd().split('\n');
      return [path, `${lines.map((line) => line.slice(1)).join('\n')}\n`];
    }),
);
const content = (path: string) => added.get(path) ?? assert.fail(`CONTRIBUTING.md adds no ${path}`);

const READER = 'lib/src/datasets/readers/herb-cards.ts';
const TEST = 'lib/test/datasets/herb-cards.test.ts';
const FIXTURE = 'lib/test/datasets/fixtures/herb-cards.txt';

test('reader and test of the recipe for a data set compile where it puts them', () => {
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const host = ts.createCompilerHost({ ...options, noEmit: true });
  const texts = new Map([READER, TEST].map((path) => [join(ROOT, path), content(path)]));
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, language, ...others) => {
    const text = texts.get(file);
    return text === undefined
      ? getSourceFile(file, language, ...others)
      : ts.createSourceFile(file, text, language);
  };
  const program = ts.createProgram([...texts.keys()], { ...options, noEmit: true }, host);
  const flaws = [...texts.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  assert.deepEqual(
    flaws.map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    ),
    [],
  );
});

test('the reader of the recipe reads its fixture as its test says', async (t) => {
  const paths = scratchProject(t);
  const read = await loadReader(content(READER), join(paths.root, 'readers', 'herb-cards.mjs'));

  const own = projectPaths(ROOT);
  for (const name of ['tasksFile', 'datasetsFile'] as const) cpSync(own[name], paths[name]);
  appendFileSync(paths.datasetsFile, `\n${content('data/datasets.yaml')}`);
  const entry = readCatalogue(paths)['herb-cards'] ?? assert.fail('the recipe adds no entry');
  const rows = await read({
    dataset: 'herb-cards',
    build: 'rows',
    seed: undefined,
    split: 'all',
    files: [{ path: 'cards.txt', bytes: Buffer.from(content(FIXTURE)) }],
    task: findTask(entry.task, paths),
    entry,
  });
  assert.deepEqual(
    rows.map(({ id, gold }) => [id, gold]),
    [
      ['herb-cards:all:1', 'NEI'],
      ['herb-cards:all:2', 'CONTRADICT'],
    ],
  );
  for (const { id, gold } of rows)
    assert.ok(content(TEST).includes(`'${id}'`) && content(TEST).includes(`'${gold}'`));
});
