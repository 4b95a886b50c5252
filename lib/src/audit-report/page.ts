import { type AuditResult, type Check, VERDICTS, type Verdict } from '../audit/result.js';
import { counted } from '../audit/wording.js';
import { formatNumber } from '../reporting/format.js';
import { featureChart, figure, informationChart, overlapChart, partialInputChart } from './charts.js';
import { difficultySection } from './difficulty.js';
import { dynamicsChart } from './dynamics-chart.js';
import { html, Markup } from './markup.js';
import { type RowTexts, rowList, textCells, textColumns } from './rows.js';
import { STYLE } from './style.js';
import {
  featureTable,
  partialInputTable,
  ruleTable,
  signedLeakTable,
  splitFloorTable,
  table,
  textName,
  wordTable,
} from './tables.js';
import { wordChart } from './word-chart.js';

export interface PageOptions {
  /** The texts of rows by id. Default none: a report names rows by id alone, so that it can be passed on. */
  readonly texts?: RowTexts['byId'];
}

/**
 * An audit as one HTML page that needs nothing else: no script, font or picture from outside, legible in light and
 * dark, on a phone and on paper. Everything from the data is escaped. It holds ids and no texts, unless it is given them.
 *
 * @example
 * const { result } = await buildAudit({ train: 'scifact/rationales/train', test: 'scifact/rationales/dev' });
 * (await auditPage(result)).startsWith('<!doctype html>'); // -> true
 */
export async function auditPage(
  result: AuditResult,
  { texts: byId = new Map() }: PageOptions = {},
): Promise<string> {
  const { data, options, checks } = result;
  const flagged = checks.filter(({ verdict }) => verdict !== 'fine');
  const title = `Audit of ${data.train.name} and ${data.test.name}`;
  const texts: RowTexts = { fields: data.fields, byId };
  const overlaps = await figure(overlapChart(result));
  const partial = await figure(partialInputChart(result));
  const features = await figure(featureChart(result));
  const information = await figure(informationChart(result));
  const dynamics = await figure(dynamicsChart(result));
  const words = await Promise.all(data.fields.map((field) => figure(wordChart(result, field))));
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="headline">${badge(result.verdict)} ${result.headline}</p>
${verdictList(checks)}
${setTable(result)}
${data.notes.map((note) => html`<p class="soft">${note}</p>`)}

<h2 id="checks">Checks</h2>
<p>${VERDICT_WORD.fine}: nothing found. ${VERDICT_WORD.look}: something a reader of results on these data should know.
${VERDICT_WORD.leaks}: something a model could score with. Where the data are clean, the chance that any of the tests raises a
false alarm is at most ${formatNumber(options.alpha, { format: 'percent', digits: 0 })} %: their p-values are corrected
(Holm 1979) within and across checks. A count of shared rows is no test, and has no p.</p>
${checkTable(checks, { anchored: true })}
${flagged.map(({ title, rows, rowCount }) => rowList(title, rows, rowCount, texts))}

<h2 id="integrity">Integrity</h2>
${overlaps}
${overlapTable(result)}
${signedLeakTable(result)}

<h2 id="partial-inputs">What part of a row tells</h2>
${partial}
${partialInputTable(result)}
${splitFloorTable(result)}

<h2 id="structure">What form tells</h2>
${ruleTable(result)}
${features}
<details><summary>All counts and labels</summary>${featureTable(result)}</details>

<h2 id="words">What single words tell</h2>
${words}
${wordTable(result)}

${
  result.information.length === 0
    ? ''
    : html`<h2 id="information">Information</h2>
${information}
${informationTables(result, texts)}`
}

<h2 id="difficulty">Which rows are easy</h2>
${difficultySection(result, dynamics, texts)}

<h2 id="method">How this was measured</h2>
<p>Classifiers are logistic regressions on TF-IDF of words and word pairs, fitted on the training rows and scored on the test
rows. Intervals are percentile bootstraps at ${formatNumber(options.level, { format: 'percent', digits: 0 })} % with
${formatNumber(options.replicates, { format: 'count' })} replicates; chance is ${formatNumber(options.permutations, { format: 'count' })}
permutations of the labels. Words: competency z-statistics (Gardner et al. 2021). Information: pointwise V-information
(Ethayarajh et al. 2022). Seed ${options.seed}. A shortcut that is there does not show that a model takes it; one that is not
found here may be there in a form that none of these measures sees.</p>
</main>
</body>
</html>
`;
  return page.text;
}

const VERDICT_WORD: Readonly<Record<Verdict, string>> = {
  fine: 'Fine',
  'cannot tell': 'Cannot tell',
  look: 'Look',
  leaks: 'Leaks',
};
const SIGN: Readonly<Record<Verdict, string>> = { fine: '✓', 'cannot tell': '?', look: '!', leaks: '✗' };

function badge(verdict: Verdict): Markup {
  return html`<span class="badge ${verdict.replace(' ', '-')}"><span aria-hidden="true">${SIGN[verdict]}</span> ${VERDICT_WORD[verdict]}</span>`;
}

/** The headline and the table of checks, without a style of their own, for a notebook. */
export function auditChecks({ headline, checks }: AuditResult): string {
  const { text } = html`<p><strong>${headline}</strong></p>${checkTable(checks)}`;
  // JupyterLab sets all cells of a table to the right.
  return text.replaceAll(/<(td|th)(?=[ >])/g, '<$1 style="text-align:left;vertical-align:top"');
}

/** Which checks say what, to be taken in at once. */
function verdictList(checks: readonly Check[]): Markup {
  const titled = (wanted: Verdict) => checks.filter(({ verdict }) => verdict === wanted);
  return html`<ul class="verdicts">${(['leaks', 'look', 'cannot tell'] as const).map((verdict) => {
    const found = titled(verdict);
    if (found.length === 0) return '';
    const links = found.map(
      ({ id, title }, index) => html`${index > 0 ? ', ' : ''}<a href="#check-${id}">${title}</a>`,
    );
    return html`<li>${badge(verdict)} ${found.length}: ${links}</li>`;
  })}<li>${badge('fine')} ${titled('fine').length} of ${checks.length} checks</li></ul>`;
}

function setTable({ data }: AuditResult): Markup {
  const count = (number: number) => formatNumber(number, { format: 'count' });
  return table(
    'Rows and labels',
    ['Set', 'Rows', ...data.labels],
    [data.train, data.test].map((set) => [
      set.name,
      count(set.rows),
      ...data.labels.map((label) => {
        const rows = set.labels[label] ?? 0;
        return `${count(rows)} (${formatNumber(rows / Math.max(1, set.rows), { format: 'percent', digits: 0 })} %)`;
      }),
    ]),
    [1, ...data.labels.map((_, index) => index + 2)],
  );
}

/** @param anchored whether each row can be linked to: once a page. */
function checkTable(checks: readonly Check[], { anchored = false } = {}): Markup {
  const grave = (check: Check) => VERDICTS.indexOf(check.verdict);
  const sorted = checks.toSorted((a, b) => grave(b) - grave(a));
  return html`<table class="checks"><thead><tr><th scope="col">Verdict</th><th scope="col">Check</th><th scope="col">Finding</th></tr></thead><tbody>
${sorted.map(
  ({
    id,
    title,
    verdict,
    finding,
    criterion,
    adjustedP,
  }) => html`<tr${anchored ? html` id="check-${id}"` : ''}><td>${badge(verdict)}</td><th scope="row">${title}</th><td>${finding}${
    adjustedP === null ? '' : ` (p ${pText(adjustedP)}, corrected)`
  } <span class="criterion">${criterion}</span></td></tr>
`,
)}</tbody></table>`;
}

const pText = (p: number) => {
  const text = formatNumber(p, { format: 'p-value' });
  return text.startsWith('<') ? text.replace('<', '< ') : `= ${text}`;
};

function overlapTable({ overlaps, conflicts, data }: AuditResult): Markup {
  const found = overlaps.filter(({ rows }) => rows > 0);
  return html`${
    found.length === 0
      ? html`<p>No two rows share a text.</p>`
      : table(
          'Rows that share a text with another row',
          ['Text', 'Match', 'Where', 'Rows', 'Share'],
          found.map(({ of, match, where, rows, share }) => [
            textName(of, data),
            match,
            where === 'between' ? 'test, with train' : where,
            formatNumber(rows, { format: 'count' }),
            `${formatNumber(share, { format: 'percent' })} %`,
          ]),
          [3, 4],
        )
  }<p>${
    conflicts.rows === 0
      ? 'No text pair has two labels.'
      : `${counted(conflicts.rows, 'row')} in ${counted(conflicts.groups.length, 'group')} have the same texts and not the same label.`
  }</p>`;
}

function informationTables({ information }: AuditResult, texts: RowTexts): Markup {
  return html`<p>${information.map(({ input, bits }) => `${input}: ${formatNumber(bits, { format: 'decimal' })} bits a row`).join('; ')}.
Rows where the input misleads most are worth reading: mislabelled, ambiguous, or against a habit of the data.</p>${information.map(
    ({ input, lowest }) =>
      html`<details><summary>${input}: the ${lowest.length} rows with the least pointwise V-information</summary>${table(
        `${input}: least pointwise V-information`,
        ['Row', 'Label', 'Bits', ...textColumns(texts)],
        lowest.map(({ id, label, bits }) => [
          id,
          label,
          formatNumber(bits, { format: 'decimal' }),
          ...textCells(id, texts),
        ]),
        [2],
      )}</details>`,
  )}`;
}
