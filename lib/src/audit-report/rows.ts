import { formatNumber } from '../reporting/format.js';
import { html, type Markup } from './markup.js';
import { table } from './tables.js';

/** The text of a row, for a report that shows it. */
export interface RowText {
  readonly claim: string;
  readonly evidence: string;
}

export type RowTexts = ReadonlyMap<string, RowText>;

/** Rows behind a finding, folded away: by id, or with their text where it may be shown; the first of `count`. */
export function rowList(title: string, ids: readonly string[], count: number, texts: RowTexts): Markup {
  if (ids.length === 0) return html``;
  const more = count > ids.length ? `, the first ${ids.length}` : '';
  return html`<details><summary>${title}: ${formatNumber(count, { format: 'count' })} ${count === 1 ? 'row' : 'rows'}${more}</summary>${
    texts.size === 0
      ? html`<ul class="ids">${ids.map((id) => html`<li><code>${id}</code></li>`)}</ul>`
      : table(
          title,
          ['Row', ...TEXT_COLUMNS],
          ids.map((id) => [id, ...textCells(id, texts)]),
          [],
        )
  }</details>`;
}

export const TEXT_COLUMNS = ['Claim', 'Evidence'] as const;

/** The texts of a row, cut where they are long. */
export function textCells(id: string, texts: RowTexts): readonly string[] {
  const row = texts.get(id);
  return [shorten(row?.claim), shorten(row?.evidence)];
}

const LONGEST_TEXT = 400;
const shorten = (text = '') => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);
