import { strict as assert } from 'node:assert';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { loadBuild } from 'small-claims/datasets/builds';
import { readCatalogue } from 'small-claims/datasets/catalogue';
import { readModels } from 'small-claims/models/catalogue';
import { cellChecker } from 'small-claims/pipeline/check/cell-types';
import { readNotebook } from 'small-claims/pipeline/notebook/notebook';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { openStudy } from 'small-claims/study/study';
import { findPrompt, promptNames } from 'small-claims/tasks/prompt';
import { findTask, knownTasks } from 'small-claims/tasks/task';
import { parse, stringify } from 'yaml';
import { scratchProject, writeNotebook } from '../pipeline/scratch-project.js';
import { pages, ROOT } from './pages.js';

const blocks = pages().flatMap(({ file, blocks }) => blocks.map((block) => ({ file, ...block })));

const checker = cellChecker(process.cwd());
after(() => checker.close());

test('every TypeScript example of the documentation compiles as a cell', (t) => {
  const examples = blocks.filter(({ language }) => language === 'ts');
  assert.ok(examples.length > 2);
  for (const { file, line, text } of examples) {
    const notebook = readNotebook(writeNotebook(scratchProject(t), 'example', [text]));
    assert.deepEqual(checker.check(notebook), [], `${file}:${line}`);
  }
});

test('the entries of each page of the documentation are such as their files may hold, together', (t) => {
  const entries = blocks.flatMap((block) => {
    const [, target] = /^# (data\/\S+\.yaml)\n/.exec(block.text) ?? [];
    return block.language === 'yaml' && target !== undefined ? { ...block, target } : [];
  });
  const files = new Set(entries.map(({ file }) => file));
  assert.ok(
    files.has('docs/own-data.md') && files.has('docs/own-model.md') && files.has('docs/own-study.md'),
  );
  for (const file of files) {
    const paths = project(t);
    for (const { line, text, target } of entries.filter((entry) => entry.file === file)) {
      const place = join(paths.root, target);
      if (target.startsWith('data/studies/')) writeFileSync(place, study(text));
      else append(place, text);
      assert.doesNotThrow(() => readAll(paths, target), `${file}:${line}`);
    }
  }
});

test("the examples' files are read by the entries that the documentation gives them", async (t) => {
  const paths = project(t);
  for (const { text } of blocks.filter(({ file }) => /^docs\/own-(data|task)\.md$/.test(file))) {
    const [, target] = /^# (data\/(?:tasks|datasets)\.yaml)\n/.exec(text) ?? [];
    if (target === undefined) continue;
    const place = join(paths.root, target);
    append(place, text);
  }
  const places = { paths, mirror: join(ROOT, 'docs/example') };
  const remedies = await loadBuild('remedies/rows/train', places);
  assert.equal(remedies.length, 60);
  assert.deepEqual(
    remedies.filter(({ texts }) => texts['evidence'] === '').map(({ gold }) => gold),
    remedies.filter(({ gold }) => gold === 'NEI').map(({ gold }) => gold),
  );
  const [first] = await loadBuild('trials/rows/train', places);
  assert.equal(first?.gold, 85);
});

/** Adds an entry to a file that has none of its name yet, as one has who has followed the page. */
function append(file: string, text: string): void {
  const entries = readFileSync(file, 'utf8');
  const [, name = ''] = /^([\w.-]+):/m.exec(text) ?? [];
  if (!entries.includes(`\n${name}:`)) writeFileSync(file, `${entries}\n${text}`);
}

/** A project with the entries of this one and nothing else. */
function project(t: TestContext): Paths {
  const paths = scratchProject(t);
  const own = projectPaths(ROOT);
  for (const name of ['tasksFile', 'promptsFile', 'datasetsFile', 'modelsFile', 'studies'] as const)
    cpSync(own[name], paths[name], { recursive: true });
  return paths;
}

/** An excerpt of a study file, put into the small one. */
function study(text: string): string {
  if (/^title:/m.test(text)) return text;
  return stringify({ ...parse(readFileSync(join(ROOT, 'data/studies/small.yaml'), 'utf8')), ...parse(text) });
}

function readAll(paths: Paths, target: string): void {
  for (const name of knownTasks(paths).keys()) findTask(name, paths);
  for (const name of promptNames(paths)) findPrompt(name, paths);
  readCatalogue(paths);
  readModels(paths);
  const [, name] = /^data\/studies\/(.+)\.yaml$/.exec(target) ?? [];
  openStudy(name ?? 'small', paths);
}
