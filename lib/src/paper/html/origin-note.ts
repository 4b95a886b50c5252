import { escapeHtml } from '../../reporting/escape.js';
import type { Provenance } from '../../reporting/publication.js';
import { text } from '../document.js';
import { cellAddress, originFacts } from '../origin.js';
import type { Found } from '../published.js';
import type { Files } from '../table-files.js';
import { factsHtml } from './inlines.js';

/** The notebook behind a caption, linked to the cell as it was executed. */
export const madeBy = ({ notebook, cell }: Found<Provenance>) =>
  `<span class="made-by">[<a href="${escapeHtml(cellAddress(notebook, cell))}"><code>${escapeHtml(notebook)}</code></a>]</span>`;

/** What a table or figure was made from, if a notebook published it, folded away, and files to take along. */
export function originHtml(found: Found<Provenance> | undefined, files: Files = {}): string {
  const facts = found ? originFacts(found) : [{ label: 'Written in', content: [text('the paper itself')] }];
  const links = Object.entries(files).map(([name, content]) => download(name, content));
  return `<details class="origin">
<summary>Where it comes from</summary>
<p>${factsHtml(facts)}</p>${links.length > 0 ? `\n<p>${links.join(' ')}</p>` : ''}
</details>`;
}

/** A file within the page itself, so that the page needs no other. */
function download(name: string, content: string): string {
  const data = Buffer.from(content).toString('base64');
  return `<a download="${escapeHtml(name)}" href="data:text/plain;charset=utf-8;base64,${data}">${escapeHtml(name)}</a>`;
}
