import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../project/error.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { longCells, styleFlaws } from '../check/cell-style.js';
import { wrongImports } from '../check/floors.js';
import type { Command } from '../command.js';
import { type CellFailure, describeFailure } from '../notebook/failure.js';
import { makeRefusal } from '../notebook/make-name.js';
import {
  cellsWithOutputs,
  type Notebook,
  notebookNames,
  notebookPath,
  readNotebook,
} from '../notebook/notebook.js';
import { keptNotebooks, leftAlone } from '../notebook/paper-notebooks.js';

const check: Command = {
  usage: 'check',
  summary:
    'type-check the cells of all notebooks, and see that outputs are stripped, imports in order, code tidy',
  options: {},
  async run() {
    const paths = projectPaths();
    const kept = keptNotebooks(paths);
    const others = notebookNames(paths.notebooks).filter((name) => !kept.includes(name));
    if (others.length > 0) console.error(leftAlone(others));
    const notebooks = kept.map((name) => readNotebook(notebookPath(name, paths.notebooks)));
    const problems = [
      ...notebooks.flatMap(({ name }) => makeRefusal(name, paths) ?? []),
      ...notebooks.flatMap(leftOutputs),
      ...notebooks.flatMap(foreignReads),
      ...directions(paths),
      ...(await cells(paths, notebooks)),
      ...style(paths, notebooks),
      ...deadExports(paths),
      ...tidiness(paths),
    ];
    for (const problem of problems) console.error(`${problem}\n`);
    if (problems.length > 0)
      throw new UserError(`make check found ${problems.length} problem${problems.length === 1 ? '' : 's'}`);
    console.log(`checked: ${notebooks.length} notebooks, imports, exports, formatting`);
  },
};
export default check;

const BIOME = 'node_modules/@biomejs/biome/bin/biome';
const KNIP = 'node_modules/knip/bin/knip.js';

function leftOutputs(notebook: Notebook): string[] {
  const cells = cellsWithOutputs(notebook);
  if (cells.length === 0) return [];
  const where = cells.map((cell) => `[${cell}]`).join(' ');
  return [
    `notebooks/${notebook.name}.ipynb holds outputs in cells ${where}\n  make format takes them out; JupyterLab saves none where make lab has opened it.`,
  ];
}

/** What notebooks and the paper make: no notebook may read it. The runner sees what is read through the lib, too. */
const MADE = /\bbuild\/(published|notebooks)\b|\bfigures\/[\w-]+\.svg\b/;

function foreignReads(notebook: Notebook): string[] {
  return notebook.cells.flatMap(({ number: cell, source }) => {
    const line = source.split('\n').findIndex((text) => MADE.test(text)) + 1;
    if (cell === undefined || line === 0) return [];
    const what = 'a notebook must not read what another one makes: compute it through the lib';
    return [describeFailure(notebook, { cell, line, what })];
  });
}

function directions({ root }: Paths): string[] {
  const source = join(root, 'lib', 'src');
  if (!existsSync(source)) return [];
  return wrongImports(source).map(({ file, line, what }) => `lib/src/${file}:${line}: ${what}`);
}

async function cells(paths: Paths, notebooks: readonly Notebook[]): Promise<string[]> {
  const { cellChecker } = await import('../check/cell-types.js');
  const checker = cellChecker(paths.notebooks);
  try {
    return notebooks.flatMap((notebook) => tell(notebook, checker.check(notebook)));
  } finally {
    checker.close();
  }
}

function style({ root }: Paths, notebooks: readonly Notebook[]): string[] {
  const flaws = existsSync(join(root, BIOME)) ? styleFlaws(notebooks, root) : undefined;
  return notebooks.flatMap((notebook) =>
    tell(notebook, [...longCells(notebook), ...(flaws?.get(notebook) ?? [])]),
  );
}

const tell = (notebook: Notebook, failures: readonly CellFailure[]) =>
  failures.map((failure) => [describeFailure(notebook, failure), failure.hint].filter(Boolean).join('\n  '));

function deadExports({ root }: Paths): string[] {
  return isContent(root, KNIP, ['--no-progress', '--no-config-hints'])
    ? []
    : [
        'Things are exported that nothing uses, see above\n  Remove them, or their `export` (knip.js says more).',
      ];
}

function tidiness({ root }: Paths): string[] {
  return isContent(root, BIOME, ['check', '--error-on-warnings'])
    ? []
    : ['The formatter or linter objects, see above\n  make format mends what can be mended.'];
}

/** Whether a program that shows itself what it finds has found nothing, or is not there, as outside this repository. */
function isContent(root: string, program: string, options: readonly string[]): boolean {
  const path = join(root, program);
  if (!existsSync(path)) return true;
  return spawnSync(process.execPath, [path, ...options], { cwd: root, stdio: 'inherit' }).status === 0;
}
