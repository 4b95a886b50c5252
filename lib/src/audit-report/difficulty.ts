import type { AuditResult } from '../audit/result.js';
import { formatNumber } from '../reporting/format.js';
import { html, type Markup } from './markup.js';
import { type RowTexts, rowList } from './rows.js';
import { table } from './tables.js';

type Subset = AuditResult['difficulty']['subsets']['easy'];

const count = (number: number) => formatNumber(number, { format: 'count' });
const share = (part: number, whole: number) =>
  `${formatNumber(part / Math.max(1, whole), { format: 'percent', digits: 0 })} %`;

/** Which rows are easy and which are hard, for partial inputs, for AFLite, and for a model in training. */
export function difficultySection(result: AuditResult, map: Markup, texts: RowTexts): Markup {
  const { subsets, dynamics, filtering } = result.difficulty;
  const { test, labels } = result.data;
  const { settings, removed, removedByChance, rows } = filtering;
  return html`${subsetText(subsets.by)}
${subsetTable(
  'Test rows that these classifiers get right and wrong',
  [
    ['Easy', subsets.easy],
    ['Hard', subsets.hard],
  ],
  test.rows,
  labels,
)}
${rowList('Hard test rows', subsets.hard.ids, subsets.hard.rows, texts)}
<h3>Rows that AFLite takes out</h3>
<p>AFLite (Le Bras et al. 2020), as a diagnostic: ${count(removed.rows)} of ${count(rows)} training rows (${share(removed.rows, rows)})
go because linear classifiers of words keep telling their labels when they have not learnt from them; of the same rows with their
labels dealt out anew ${count(removedByChance)} (${share(removedByChance, rows)}). What goes clearly beyond that, words give away; filtering ends at
the latest where ${share(settings.training, 1)} of the rows are left. In each round
${count(settings.partitions)} classifiers learn from ${count(Math.floor(settings.training * rows))} rows drawn anew and predict the others; rows that more than
${share(settings.threshold, 1)} of them get right go, at most ${share(settings.slice, 1)} of the rows a round${
    rows < result.data.train.rows
      ? `; ${count(rows)} rows were drawn from the ${count(result.data.train.rows)} to learn from`
      : ''
  }.</p>
${subsetTable(
  'Training rows that AFLite takes out and leaves',
  [
    ['Taken out', removed],
    ['Left', filtering.kept],
  ],
  rows,
  labels,
)}
${rowList('Training rows that AFLite takes out, the easiest first', removed.ids, removed.rows, texts)}
${
  dynamics
    ? html`<h3>How training rows fared while a model learnt them</h3>
${map}
${subsetTable(
  'Thirds of the training rows: the highest confidence, the highest variability, the lowest confidence',
  [
    ['Easy', dynamics.easy],
    ['Ambiguous', dynamics.ambiguous],
    ['Hard', dynamics.hard],
  ],
  result.data.train.rows,
  labels,
)}
${rowList('Hard to learn', dynamics.hard.ids, dynamics.hard.rows, texts)}`
    : ''
}`;
}

function subsetText(by: AuditResult['difficulty']['subsets']['by']): Markup {
  if (by.length < 2) {
    return html`<p>For reading: no verdict rests on this. A test row is easy where a classifier of its words is right, and hard where
it is wrong; among the hard rows are the mislabelled ones.</p>`;
  }
  return html`<p>For reading: no verdict rests on this. A test row is easy where classifiers of ${by.map((part) => `the ${part} alone`).join(' and ')}
are both right, and hard where both are wrong. Score a model on the hard rows too: one that only does what these classifiers do has
there an accuracy of 0. One that reads does not, but the hard rows also hold the mislabelled ones.</p>`;
}

function subsetTable(
  caption: string,
  subsets: readonly (readonly [string, Subset])[],
  all: number,
  labels: readonly string[],
): Markup {
  return table(
    caption,
    ['Rows', 'n', 'Share', ...labels],
    subsets.map(([name, { rows, labels: counts }]) => [
      name,
      count(rows),
      share(rows, all),
      ...labels.map((label) => count(counts[label] ?? 0)),
    ]),
    [1, 2, ...labels.map((_, index) => 3 + index)],
  );
}
