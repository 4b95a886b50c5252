import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { writeFileAtomic } from '../project/atomic.js';
import type { Paths } from '../project/paths.js';
import { innermost, type Paper } from './document.js';
import { notebookPage } from './notebook-page.js';
import type { Published } from './published.js';
import { crate } from './ro-crate.js';
import { blockFiles, type Files, tableFiles } from './table-files.js';

/**
 * Writes what goes with the paper, whose `outputs` are written already: a page of each executed notebook, every table as
 * CSV and LaTeX, and the RO-Crate that describes all of it.
 */
export function writeSupplement(
  { paper, published }: { readonly paper: Paper; readonly published: Published },
  outputs: readonly string[],
  paths: Paths,
): void {
  const files = [...writeNotebookPages(paths), ...writeTables(paper, published, paths)];
  keep(paths.crate, crate(paper, published, [...outputs, ...files], paths));
}

/** A page beside each executed notebook, for the links of the HTML. */
function writeNotebookPages({ executed, root }: Paths): string[] {
  const names = existsSync(executed) ? readdirSync(executed).sort() : [];
  return names
    .filter((name) => /(?<!\.failed)\.ipynb$/.test(name))
    .map((name) => {
      const source = join(executed, name);
      const title = basename(name, '.ipynb');
      const page = notebookPage(title, readFileSync(source, 'utf8'), relative(root, source));
      return keep(join(executed, `${title}.html`), page);
    });
}

/** Every table, published or written in the paper, as CSV and LaTeX, and none that is there no more. */
function writeTables(paper: Paper, published: Published, { tables }: Paths): string[] {
  const written = innermost(paper.body).flatMap((block) =>
    block.kind === 'table' && !block.found ? [block] : [],
  );
  const files: Files = Object.assign(
    {},
    ...[...published.tables.values()].map(tableFiles),
    ...written.map(blockFiles),
  );
  for (const name of existsSync(tables) ? readdirSync(tables) : []) {
    if (!(name in files)) rmSync(join(tables, name), { force: true });
  }
  return Object.entries(files).map(([name, content]) => keep(join(tables, name), content));
}

/** Writes a file that most renderings leave as it is: the disk is waited for only where something changes. */
function keep(file: string, content: string): string {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== content) writeFileAtomic(file, content);
  return file;
}
