import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { wrongImports } from 'small-claims/pipeline/check/import-direction';
import { scratchProject } from '../scratch-project.js';

function wrongIn(t: TestContext, files: Readonly<Record<string, string>>): string[] {
  const { root } = scratchProject(t);
  for (const [file, text] of Object.entries(files)) {
    const path = join(root, 'src', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return wrongImports(join(root, 'src')).map(({ file, line, what }) => `${file}:${line} ${what}`);
}

test('the lib itself imports one way', () => {
  assert.deepEqual(wrongImports(fileURLToPath(new URL('../../../../lib/src', import.meta.url))), []);
});

test('an import up the order is found, in every form', (t) => {
  const wrong = wrongIn(t, {
    'metrics/scores.ts': "import fs from 'node:fs';\nimport {\n  table,\n} from '../reporting/table.js';\n",
    'datasets/build.ts': "export type { Run } from '../scoring/run.js';\n",
    'project/paths.ts': "const late = () => import('../paper/render.js');\n",
    'paper/render.ts': "import { table } from '../reporting/table.js';\n",
    'reporting/table.ts': '',
    'scoring/run.ts': '',
  });
  assert.deepEqual(
    wrong.map((text) => text.split(': ')[0]),
    [
      'datasets/build.ts:1 datasets must not import scoring/run.ts',
      'metrics/scores.ts:4 metrics must not import reporting/table.ts',
      'project/paths.ts:1 project must not import paper/render.ts',
    ],
  );
});

test('index.ts, at the top, may import everything, and nothing may import it', (t) => {
  const wrong = wrongIn(t, {
    'index.ts': "export * from './paper/render.js';\n",
    'paper/render.ts': "import '../index.js';\nimport { all } from '../index.js';\n",
  });
  assert.match(wrong[0] ?? '', /paper must not import index\.ts/);
});

test('a folder without a place in the order is found', (t) => {
  const wrong = wrongIn(t, { 'utils/x.ts': "import { y } from '../project/y.js';\n", 'project/y.ts': '' });
  assert.deepEqual(wrong, ['utils/x.ts:1 the folder utils has no place in the order of folders']);
});

test('a circle of imports is found; one of types alone is none', (t) => {
  const circle = wrongIn(t, {
    'metrics/a.ts': "import { b } from './b.js';\n",
    'metrics/b.ts': "import { c } from './c.js';\n",
    'metrics/c.ts': "import { a } from './a.js';\n",
  });
  assert.deepEqual(circle, [
    'metrics/c.ts:1 an import in a circle: metrics/a.ts -> metrics/b.ts -> metrics/c.ts -> metrics/a.ts',
  ]);
  const types = wrongIn(t, {
    'metrics/a.ts': "import { b } from './b.js';\n",
    'metrics/b.ts': "import type { a } from './a.js';\n",
  });
  assert.deepEqual(types, []);
});
