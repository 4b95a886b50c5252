import { join } from 'node:path';
import { writeFileAtomic } from '../project/atomic.js';
import type { Paths } from '../project/paths.js';
import { rowsPage } from './page.js';
import type { Browsed } from './page-rows.js';

/** Writes the page of rows into `build/browse`, which git ignores. @returns its path. */
export function writePage(browsed: Browsed, { build }: Pick<Paths, 'build'>): string {
  const path = join(build, 'browse', pageName(browsed));
  writeFileAtomic(path, rowsPage(browsed));
  return path;
}

/** The name of a page's file. */
export const pageName = ({ name }: Pick<Browsed, 'name'>): string =>
  `${name.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '') || 'rows'}.html`;
