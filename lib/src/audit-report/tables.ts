import { type AuditResult, boundsOf, type Estimate } from '../audit/result.js';
import { type Format, formatNumber, formatRange } from '../reporting/format.js';
import { html, type Markup } from './markup.js';

type Cell = string | Markup;

/** A table under a caption; `numbers` names the columns, by position, that are set to the right. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  numbers: readonly number[],
): Markup {
  const side = (index: number) => (numbers.includes(index) ? 'number' : '');
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${columns.map((name, index) => html`<th scope="col" class="${side(index)}">${name}</th>`)}</tr></thead><tbody>${rows.map(
    (cells) => html`<tr>${cells.map((cell, index) => html`<td class="${side(index)}">${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

/** What an overlap is of: rows of one text have no pair. */
export function textName(of: string, { fields }: AuditResult['data']): string {
  return of === 'pair' && fields.length < 2 ? 'text' : of;
}

/** `72.9 (68.7–76.9)`, or a dash for what is not known. */
function estimateText(estimate: Estimate | null, format: Format): string {
  if (!estimate) return '—';
  const style = { format };
  const number = formatNumber(estimate.value, style);
  const bounds = boundsOf(estimate);
  return bounds && bounds.low < bounds.high ? `${number} (${formatRange(bounds, style)})` : number;
}

/** Which way texts and keys in common lead. */
export function signedLeakTable({ signedLeaks = [] }: AuditResult): Markup | '' {
  if (signedLeaks.length === 0) return '';
  return table(
    'Labels of test rows and of the training rows that they share something with, in percent',
    [
      'In common',
      'Test rows',
      'Pairs',
      'Groups',
      'Worth',
      'Same label',
      'By chance',
      'More than by chance',
      'p',
    ],
    signedLeaks.map(({ of, rows, pairs, groups, worth, agreement, chance, excess, p }) => [
      of,
      ...[rows, pairs, groups].map((count) => formatNumber(count, { format: 'count' })),
      formatNumber(worth, { format: 'decimal', digits: 1 }),
      estimateText(agreement, 'percent'),
      formatNumber(chance, { format: 'percent' }),
      ...(excess.low === undefined
        ? [formatNumber(excess.value, { format: 'percent' }), 'cannot tell']
        : [estimateText(excess, 'percent'), formatNumber(p, { format: 'p-value' })]),
    ]),
    [1, 2, 3, 4, 5, 6, 7, 8],
  );
}

/** What compares no texts reaches, by what rows are divided by. */
export function splitFloorTable({ floorsBySplit = [] }: AuditResult): Markup | '' {
  const [first] = floorsBySplit;
  if (!first) return '';
  const inputs = Object.keys(first.macroF1);
  return table(
    'What a model that compares nothing reaches: macro-F1 in percent where train and test together are divided anew, mean and range of the draws',
    [
      'Split by',
      'Draws',
      'Train',
      'Test',
      ...inputs.map((input) => (input === 'both' ? 'Both, not compared' : `The ${input} alone`)),
    ],
    floorsBySplit.map(({ by, draws, rows, macroF1 }) => [
      by,
      ...[draws, rows.train, rows.test].map((count) => formatNumber(Math.round(count), { format: 'count' })),
      ...inputs.map((input) => {
        const { mean = 0, low = 0, high = 0 } = macroF1[input] ?? {};
        return `${formatNumber(mean, { format: 'percent' })} (${formatRange({ low, high }, { format: 'percent' })})`;
      }),
    ]),
    [1, 2, 3, ...inputs.map((_, index) => index + 4)],
  );
}

/** Scores of what reads part of a row, on all test rows and on the parts told apart by what training holds. */
export function partialInputTable({ partialInputs, data }: AuditResult): Markup {
  const rows = partialInputs.flatMap((each) => [
    [
      each.name,
      'all',
      formatNumber(each.rows, { format: 'count' }),
      estimateText(each.accuracy, 'percent'),
      estimateText(each.macroF1, 'percent'),
      ...data.labels.map((label) => formatNumber(each.f1[label] ?? 0, { format: 'percent' })),
      each.chance ? formatNumber(each.chance.p, { format: 'p-value', digits: 4 }) : '—',
    ],
    ...each.parts
      .filter((part) => part.rows > 0)
      .map((part) => [
        '',
        part.part,
        formatNumber(part.rows, { format: 'count' }),
        estimateText(part.accuracy, 'percent'),
        estimateText(part.macroF1, 'percent'),
        ...data.labels.map(() => ''),
        '',
      ]),
  ]);
  return table(
    'Scores on the test rows, in percent, with intervals; p against labels dealt out at random',
    ['Reads', 'Test rows', 'n', 'Accuracy', 'Macro-F1', ...data.labels.map((label) => `F1 ${label}`), 'p'],
    rows,
    [2, 3, 4, ...data.labels.map((_, index) => 5 + index), 5 + data.labels.length],
  );
}

/** Rules of one count, or a shallow tree of several. */
export function ruleTable({ rules }: AuditResult): Markup {
  return table(
    'What rules reach on the test rows, in percent; points over always naming the commonest label',
    ['Rule', 'Accuracy', 'Macro-F1', 'Points over majority'],
    rules.map((rule) => [
      rule.saying,
      estimateText(rule.accuracy, 'percent'),
      estimateText(rule.macroF1, 'percent'),
      estimateText(rule.gain, 'points'),
    ]),
    [1, 2, 3],
  );
}

/** The words that stand out beyond chance, gravest first. */
export function wordTable({ words, options }: AuditResult): Markup {
  const flagged = words.filter(({ p }) => p < options.alpha).sort((a, b) => Math.abs(b.z) - Math.abs(a.z));
  if (flagged.length === 0) return html`<p>No word stands out beyond chance.</p>`;
  const decimals = (number: number) => formatNumber(number, { format: 'decimal' });
  return table(
    `The ${Math.min(40, flagged.length)} of ${flagged.length} words beyond chance that stand out most (training rows; p corrected)`,
    ['Word', 'In', 'Goes with', 'Rows', 'Of these so labelled', 'z', 'PMI', 'p'],
    flagged
      .slice(0, 40)
      .map((each) => [
        html`<code>${each.word}</code>`,
        each.field,
        each.label,
        formatNumber(each.rows, { format: 'count' }),
        `${formatNumber(each.withLabel / each.rows, { format: 'percent', digits: 0 })} %`,
        decimals(each.z),
        decimals(each.pmi),
        formatNumber(each.p, { format: 'p-value' }),
      ]),
    [3, 4, 5, 6, 7],
  );
}

/** Each count's area under the ROC curve, for the label it tells best first. */
export function featureTable({ features }: AuditResult): Markup {
  return table(
    'Every count and label: area under the ROC curve, times 100 (p not corrected)',
    ['Count', 'Label', 'AUC', 'p'],
    features
      .toSorted((a, b) => Math.abs(b.auc.value - 0.5) - Math.abs(a.auc.value - 0.5))
      .map((each) => [
        each.feature,
        each.label,
        estimateText(each.auc, 'percent'),
        formatNumber(each.p, { format: 'p-value', digits: 4 }),
      ]),
    [2, 3],
  );
}
