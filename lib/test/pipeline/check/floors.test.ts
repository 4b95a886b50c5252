import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { wrongImports } from 'small-claims/pipeline/check/floors';
import { projectPaths } from 'small-claims/project/paths';
import { scratchProject } from '../scratch-project.js';

const { root: ROOT } = projectPaths();

/** A project with these files under lib/src. */
function projectOf(t: TestContext, files: Readonly<Record<string, string>>): string {
  const { root } = scratchProject(t);
  for (const [file, text] of Object.entries(files)) {
    const path = join(root, 'lib', 'src', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return root;
}

function wrongIn(t: TestContext, files: Readonly<Record<string, string>>): string[] {
  const source = join(projectOf(t, files), 'lib', 'src');
  return wrongImports(source).map(({ file, line, what }) => `${file}:${line} ${what}`);
}

test('the lib itself imports one way', () => {
  assert.deepEqual(wrongImports(join(ROOT, 'lib', 'src')), []);
});

test('an import from a floor above or beside is found, in every form, and what would be allowed is told', (t) => {
  const wrong = wrongIn(t, {
    'metrics/scores.ts': "import fs from 'node:fs';\nimport {\n  table,\n} from '../reporting/table.js';\n",
    'datasets/build.ts': "export type { Run } from '../scoring/run.js';\n",
    'project/paths.ts': "const late = () => import('../paper/render.js');\n",
    'records/store.ts': "\nexport type Table = typeof import('../reporting/table.js');\n",
    'paper/render.ts': "import { table } from '../reporting/table.js';\n",
    'reporting/table.ts': '',
    'scoring/run.ts': '',
  });
  assert.deepEqual(wrong, [
    'datasets/build.ts:1 datasets must not import scoring/run.ts: it may import only itself, tasks, records, learners, project',
    'metrics/scores.ts:4 metrics must not import reporting/table.ts: it may import only itself, datasets, tasks, records, learners, project',
    'project/paths.ts:1 project must not import paper/render.ts: it may import only itself',
    'records/store.ts:2 records must not import reporting/table.ts: it may import only itself, project',
  ]);
});

test('rooms of the pipeline, and single files, have their floors too', (t) => {
  const wrong = wrongIn(t, {
    'pipeline/kernel/wire.ts': "import { readNotebook } from '../notebook/notebook.js';\n",
    'pipeline/notebook/notebook.ts': "import { start } from '../kernel/wire.js';\n",
    'pipeline/command.ts': "import '../study/study.js';\nimport './cli.js';\n",
    'pipeline/cli.ts': "import { command } from './command.js';\n",
    'study/study.ts': '',
  });
  assert.deepEqual(
    wrong.map((text) => text.split(': ')[0]),
    [
      'pipeline/command.ts:2 pipeline/command.ts must not import pipeline/cli.ts',
      'pipeline/kernel/wire.ts:1 pipeline/kernel must not import pipeline/notebook/notebook.ts',
    ],
  );
});

test('index.ts, under the roof, may import everything, and nothing may import it', (t) => {
  const wrong = wrongIn(t, {
    'index.ts': "export * from './paper/render.js';\n",
    'paper/render.ts': "import { all } from '../index.js';\n",
  });
  assert.equal(wrong.length, 1);
  assert.match(wrong[0] ?? '', /^paper\/render\.ts:1 paper must not import index\.ts/);
});

test('a file without a room is found', (t) => {
  const wrong = wrongIn(t, { 'utils/x.ts': '', 'project/y.ts': '' });
  assert.deepEqual(wrong, ['utils/x.ts:1 has no room on any floor (lib/src/pipeline/check/floors.ts)']);
});

/** What Biome, set as it is here, says of a project with these files. */
function lint(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = projectOf(t, files);
  const settings = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'));
  // The scratch project lies in a folder that git ignores.
  writeFileSync(join(root, 'biome.json'), JSON.stringify({ ...settings, root: true, vcs: {} }));
  const biome = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const { stderr } = spawnSync(process.execPath, [biome, 'lint'], { cwd: root, encoding: 'utf8' });
  assert.match(stderr, /Checked \d+ files/);
  return stderr;
}

test('a circle of imports is found; one of types alone is none', (t) => {
  const circle = lint(t, {
    'metrics/a.ts': "import { b } from './b.js';\nexport const a = b;\n",
    'metrics/b.ts': "import { c } from './c.js';\nexport const b = c;\n",
    'metrics/c.ts': "import { a } from './a.js';\nexport const c = a;\n",
  });
  for (const file of ['a', 'b', 'c'])
    assert.match(circle, new RegExp(`lib/src/metrics/${file}\\.ts:1:19 lint/suspicious/noImportCycles`));
  const types = lint(t, {
    'metrics/a.ts': "import { b } from './b.js';\nexport const a = b;\n",
    'metrics/b.ts': "import type { a } from './a.js';\nexport const b: typeof a = 1;\n",
  });
  assert.doesNotMatch(types, /noImportCycles/);
});
