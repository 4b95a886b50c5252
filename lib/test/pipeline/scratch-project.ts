import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Paths, projectPaths } from 'small-claims/project/paths';

/** The compiled command line. */
export const CLI = fileURLToPath(new URL('../../../lib/dist/pipeline/cli.js', import.meta.url));

/** An empty project, inside the checkout so that cells find their packages; gone when the test has ended. */
export function scratchProject(t: TestContext): Paths {
  const parent = fileURLToPath(new URL('../../scratch', import.meta.url));
  mkdirSync(parent, { recursive: true });
  const root = mkdtempSync(join(parent, 'project-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const paths = projectPaths(root);
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'small-claims-study', private: true }));
  for (const folder of [paths.notebooks, paths.paper, paths.data]) mkdirSync(folder);
  return paths;
}

/** A code cell, by its source; `markdown('...')` makes the other kind. */
export type CellSource = string | { readonly markdown: string };

export const markdown = (text: string): CellSource => ({ markdown: text });

/** A notebook's file as JupyterLab writes it, outputs stripped. */
export function notebookJson(cells: readonly CellSource[]) {
  return {
    cells: cells.map((cell, index) => {
      const id = `cell-${index}`;
      if (typeof cell !== 'string') return { cell_type: 'markdown', id, metadata: {}, source: cell.markdown };
      return {
        cell_type: 'code',
        execution_count: null,
        id,
        metadata: {},
        outputs: [] as object[],
        source: cell,
      };
    }),
    metadata: { kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** Writes a notebook and returns its path. */
export function writeNotebook(paths: Paths, name: string, cells: readonly CellSource[]): string {
  const path = join(paths.notebooks, `${name}.ipynb`);
  writeFileSync(path, JSON.stringify(notebookJson(cells), null, 1));
  return path;
}

/** A cell that publishes a value in the way the lib does, with nothing but Node. */
export function publishingCell(id: string, expression: string): string {
  return [
    "import { mkdirSync, writeFileSync } from 'node:fs';",
    `const folder = process.env['SMALL_CLAIMS_OUT'] + '/values';`,
    'mkdirSync(folder, { recursive: true });',
    `writeFileSync(folder + '/${id}.json', JSON.stringify({ id: '${id}', number: ${expression} }));`,
  ].join('\n');
}

/** A cell that notes an input in the runner's ledger, as the lib does for what it reads. */
export function readingCell(path: string, sha256: string): string {
  return [
    "import { appendFileSync } from 'node:fs';",
    `appendFileSync(process.env['SMALL_CLAIMS_OUT'] + '/inputs.jsonl', ${JSON.stringify(`${JSON.stringify({ path, sha256 })}\n`)});`,
  ].join('\n');
}
