import { escapeHtml } from '../reporting/escape.js';
import type { TableBlock, TableCell, TableColumn } from './document.js';
import { inlinesHtml } from './html-inlines.js';
import { madeBy, originHtml } from './html-origin.js';
import { tableFiles } from './table-files.js';

/** A table with its caption, its numbers aligned at their decimals. */
export function tableHtml({
  anchor,
  number,
  caption,
  columns,
  rows,
  notes,
  found,
  wide,
}: TableBlock): string {
  const head = columns.map(
    ({ title, align }) => `<th scope="col" class="${align}">${inlinesHtml(title)}</th>`,
  );
  const body = rows.map((cells) => {
    const row = columns.map((column, i) => {
      const content = cellHtml(cells[i] ?? { content: [] }, column);
      return column.header
        ? `<th scope="row" class="${column.align}">${content}</th>`
        : `<td class="${column.align}">${content}</td>`;
    });
    return `<tr>${row.join('')}</tr>`;
  });
  return `<div id="${escapeHtml(anchor)}" class="table${wide ? ' wide' : ''}">
<section class="scroll" aria-labelledby="${escapeHtml(anchor)}-caption" tabindex="0">
<table>
<caption id="${escapeHtml(anchor)}-caption"><div><b>Table ${number}.</b> ${inlinesHtml(caption)} ${
    found ? madeBy(found) : ''
  }</div></caption>
<thead>
<tr>${head.join('')}</tr>
</thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
</section>
${notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join('\n')}
${found ? originHtml(found, tableFiles(found)) : ''}
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
