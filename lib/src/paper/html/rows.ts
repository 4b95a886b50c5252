import { escapeHtml } from '../../reporting/escape.js';
import type { Align } from '../../reporting/table.js';

export interface HtmlColumn {
  /** HTML. */
  readonly title: string;
  readonly align: Align;
  /** Whether the cells name their rows. */
  readonly header: boolean;
}

export interface HtmlRow {
  readonly anchor?: string;
  /** HTML, a cell for each column. */
  readonly cells: readonly string[];
}

/** The head and body of a table. */
export function rowsHtml(columns: readonly HtmlColumn[], rows: readonly HtmlRow[]): string {
  const head = columns.map(({ title, align }) => `<th scope="col" class="${align}">${title}</th>`);
  const body = rows.map(({ anchor, cells }) => {
    const row = columns.map(({ align, header }, i) => {
      const content = cells[i] ?? '';
      return header
        ? `<th scope="row" class="${align}">${content}</th>`
        : `<td class="${align}">${content}</td>`;
    });
    return `<tr${anchor === undefined ? '' : ` id="${escapeHtml(anchor)}"`}>${row.join('')}</tr>`;
  });
  return `<thead>
<tr>${head.join('')}</tr>
</thead>
<tbody>
${body.join('\n')}
</tbody>`;
}
