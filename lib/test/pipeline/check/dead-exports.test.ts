import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { projectPaths } from 'small-claims/project/paths';
import { scratchProject, writeNotebook } from '../scratch-project.js';

const { root: ROOT } = projectPaths();

const MODULE = `export const imported = 1;
export const inNotebook = 2;
/** @internal */
export const onlyTestedAndSaysSo = 3;
export const onlyTested = 4;
export const inExamplesAlone = 5;
export interface Shape { readonly corners: typeof corners }
export const corners = 6;
`;

test('an export is dead that no other file of the lib, no notebook, benchmark or example uses: a test is no user', (t) => {
  const paths = scratchProject(t);
  const { root } = paths;
  for (const file of ['knip.js', 'package.json', 'tsconfig.json', 'lib/package.json', 'lib/tsconfig.json'])
    cpSync(join(ROOT, file), join(root, file));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  write('lib/src/project/shape.ts', MODULE);
  write('lib/src/project/area.ts', "import { imported } from './shape.js';\nimported;\n");
  write('lib/src/index.ts', "export { inNotebook, inExamplesAlone } from './project/shape.js';\n");
  write(
    'lib/test/shape.test.ts',
    "import { onlyTested, onlyTestedAndSaysSo } from 'small-claims/project/shape';\n[onlyTested, onlyTestedAndSaysSo];\n",
  );
  write(
    'lib/test/docs/public-face.test.ts',
    "import * as smallClaims from 'small-claims';\nObject.keys(smallClaims);\n",
  );
  writeNotebook(paths, 'one', ["import { inNotebook } from 'small-claims';", 'inNotebook;']);
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(join(root, 'lib'), join(root, 'node_modules', 'small-claims'));

  const knip = join(ROOT, 'node_modules', 'knip', 'bin', 'knip.js');
  const { stdout, status } = spawnSync(
    process.execPath,
    [knip, '--no-progress', '--no-config-hints', '--include', 'exports,types', '--reporter', 'json'],
    { cwd: root, encoding: 'utf8' },
  );
  const { issues }: { readonly issues: readonly Issues[] } = JSON.parse(stdout);
  assert.deepEqual(
    issues.flatMap(({ exports, types }) => [...exports, ...types].map(({ name }) => name)).sort(),
    ['Shape', 'corners', 'onlyTested'],
  );
  assert.equal(status, 1);
});

/** What knip says of one file. */
interface Issues {
  readonly exports: readonly { readonly name: string }[];
  readonly types: readonly { readonly name: string }[];
}
