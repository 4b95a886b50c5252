import { relative } from 'node:path';
import { type Paths, projectPaths } from '../project/paths.js';
import { show } from '../reporting/display.js';
import { escapeHtml } from '../reporting/escape.js';
import { writePage } from './page-file.js';
import type { Browsed } from './page-rows.js';
import { servePages } from './server.js';

/** Enough for some rows and their table. */
const HEIGHT = 720;

/**
 * Shows rows under the running cell, to be looked through: their texts, gold and what systems answer, with filters and keys.
 * The page is in `build/browse` and served on this machine for as long as the kernel runs; the notebook itself holds its
 * address alone and no text.
 *
 * @returns the path of the page
 *
 * @example
 * const rows = await studyRows(openStudy('small'), 'scifact/rationales/dev');
 * await showRows({ ...rows, name: 'example', rows: rows.rows.slice(0, 20) }); // -> 'build/browse/example.html'
 */
export async function showRows(browsed: Browsed, paths: Paths = projectPaths()): Promise<string> {
  const page = writePage(browsed, paths);
  const path = relative(paths.root, page.path);
  const [address = ''] = (await servePages([page], 0)).addresses;
  const link = `<a href="${escapeHtml(address)}" target="_blank" rel="noreferrer">${escapeHtml(browsed.title)}</a>`;
  show({
    html: `<p>${link} (${escapeHtml(path)})</p><iframe title="${escapeHtml(browsed.title)}" src="${escapeHtml(address)}" style="width:100%;height:${HEIGHT}px;border:1px solid #8884;border-radius:6px"></iframe>`,
    text: `${browsed.title}: ${path}`,
  });
  return path;
}
