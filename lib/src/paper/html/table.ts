import { escapeHtml } from '../../reporting/escape.js';
import type { TableBlock, TableCell, TableColumn } from '../document.js';
import { blockFiles } from '../table-files.js';
import { inlinesHtml } from './inlines.js';
import { madeBy, originHtml } from './origin-note.js';
import { rowsHtml } from './rows.js';

/** A table with its caption, its numbers aligned at their decimals. */
export function tableHtml(table: TableBlock): string {
  const { anchor, number, caption, columns, rows, notes, found, wide } = table;
  const heads = columns.map(({ title, align, header }) => ({ title: inlinesHtml(title), align, header }));
  const lines = rows.map((cells) => ({
    cells: columns.map((column, i) => cellHtml(cells[i] ?? { content: [] }, column)),
  }));
  return `<div id="${escapeHtml(anchor)}" class="table${wide ? ' wide' : ''}">
<section class="scroll" aria-labelledby="${escapeHtml(anchor)}-caption" tabindex="0">
<table>
<caption id="${escapeHtml(anchor)}-caption"><div><b>Table ${number}.</b> ${inlinesHtml(caption)} ${
    found ? madeBy(found) : ''
  }</div></caption>
${rowsHtml(heads, lines)}
</table>
</section>
${notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join('\n')}
${originHtml(found, blockFiles(table))}
</div>`;
}

/** A number keeps its full precision beside what is shown of it. */
function cellHtml({ content, number, interval, best }: TableCell, { longestInterval }: TableColumn): string {
  const shown = inlinesHtml(content);
  const data = number === undefined ? shown : `<data value="${number}">${shown}</data>`;
  const main = best ? `<strong>${data}</strong>` : data;
  if (!longestInterval) return main;
  return `${main} <span class="interval" style="min-width:${longestInterval.length - 1}ch">${escapeHtml(interval ?? '')}</span>`;
}
