import { join } from 'node:path';
import { writeFileAtomic } from '../project/atomic.js';
import type { Paths } from '../project/paths.js';
import { rowsPage } from './page.js';
import type { Browsed } from './page-rows.js';

/** A page of rows that was written. */
interface WrittenPage {
  readonly path: string;
  /** Of its file. */
  readonly name: string;
  readonly html: string;
}

/** Writes the page of rows into `build/browse`, which git ignores. */
export function writePage(browsed: Browsed, { build }: Pick<Paths, 'build'>): WrittenPage {
  const [name, html] = [pageName(browsed), rowsPage(browsed)];
  const path = join(build, 'browse', name);
  writeFileAtomic(path, html);
  return { path, name, html };
}

const pageName = ({ name }: Pick<Browsed, 'name'>): string =>
  `${name.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '') || 'rows'}.html`;
