import { capital, formatNumber } from '../reporting/format.js';
import { html, type Markup } from './markup.js';
import { table } from './tables.js';

/** The texts of rows by id and field, for a report that shows them, and the fields in order. */
export interface RowTexts {
  readonly fields: readonly string[];
  readonly byId: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** Rows behind a finding, folded away: by id, or with their text where it may be shown; the first of `count`. */
export function rowList(title: string, ids: readonly string[], count: number, texts: RowTexts): Markup {
  if (ids.length === 0) return html``;
  const more = count > ids.length ? `, the first ${ids.length}` : '';
  return html`<details><summary>${title}: ${formatNumber(count, { format: 'count' })} ${count === 1 ? 'row' : 'rows'}${more}</summary>${
    texts.byId.size === 0
      ? html`<ul class="ids">${ids.map((id) => html`<li><code>${id}</code></li>`)}</ul>`
      : table(
          title,
          ['Row', ...textColumns(texts)],
          ids.map((id) => [id, ...textCells(id, texts)]),
          [],
        )
  }</details>`;
}

/** The columns of texts; none where they may not be shown. */
export const textColumns = ({ fields, byId }: RowTexts): readonly string[] =>
  byId.size === 0 ? [] : fields.map(capital);

/** The texts of a row, cut where they are long; none where they may not be shown. */
export const textCells = (id: string, { fields, byId }: RowTexts): readonly string[] =>
  byId.size === 0 ? [] : fields.map((field) => shorten(byId.get(id)?.[field]));

const LONGEST_TEXT = 400;
const shorten = (text = '') => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);
