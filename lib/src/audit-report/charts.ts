import { type AuditResult, boundsOf } from '../audit/result.js';
import { inlineSvg } from '../paper/svg.js';
import { renderFigure } from '../reporting/figure.js';
import { COLOURS, LINE, SOFT_INK } from '../reporting/palette.js';
import { html, Markup } from './markup.js';
import { textName } from './tables.js';

export interface Chart {
  readonly id: string;
  readonly caption: string;
  readonly alt: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** A chart as a figure that stands in a page by itself. */
export async function figure(chart: Chart | undefined): Promise<Markup> {
  if (!chart) return html``;
  const svg = await renderFigure(chart.spec, chart);
  return html`<figure class="adapts">${new Markup(inlineSvg(svg, chart.id))}<figcaption>${chart.caption}</figcaption></figure>`;
}

const [MAIN = '', CONTRAST = ''] = COLOURS;

/** Untrusted text as a label: short, and nothing in it that a check for active SVG would take for code. */
export function label(text: string, longest = 36): string {
  const short = text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
  return short
    .replaceAll('=', '＝')
    .replace(/javascript:/gi, 'javascript：')
    .replace(/url\(/gi, 'url (');
}

/** Names down the side, in the order given. */
const NAMES = { field: 'name', type: 'nominal', sort: null, title: null, axis: { labelLimit: 240 } } as const;

/** A share, 0 to 100 %. */
const shareOf = (field: string, title: string) => ({
  field,
  type: 'quantitative',
  title,
  scale: { domain: [0, 1] },
  axis: { format: '.0%' },
});

/** The interval of each name, from its field `low` to `high`. */
const intervals = (title: string) => ({
  transform: [{ filter: 'isValid(datum.low)' }],
  mark: { type: 'rule', color: SOFT_INK, strokeWidth: 2 },
  encoding: { x: shareOf('low', title), x2: { field: 'high' } },
});

/** Macro-F1 of what reads part of a row, with its interval and what chance reaches. */
export function partialInputChart({ partialInputs }: AuditResult): Chart | undefined {
  const values = partialInputs.flatMap(({ name, macroF1, chance }) =>
    macroF1
      ? [
          {
            name: label(name),
            score: macroF1.value,
            ...boundsOf(macroF1),
            ...(chance && { chance: chance.mean }),
          },
        ]
      : [],
  );
  if (values.length === 0) return undefined;
  return {
    id: 'partial-inputs',
    caption:
      'Macro-F1 of classifiers that read part of a row, with intervals. The red tick is what chance reaches.',
    alt: values.map(({ name, score }) => `${name} ${percent(score)}`).join(', '),
    spec: {
      data: { values },
      width: 220,
      encoding: { y: NAMES },
      layer: [
        {
          mark: { type: 'bar', color: MAIN, height: { band: 0.6 } },
          encoding: { x: shareOf('score', 'Macro-F1') },
        },
        intervals('Macro-F1'),
        {
          transform: [{ filter: 'isValid(datum.chance)' }],
          mark: { type: 'tick', color: CONTRAST, thickness: 3, size: 20 },
          encoding: { x: { field: 'chance', type: 'quantitative' } },
        },
      ],
    },
  };
}

/** For each feature, the label it tells best. */
export function featureChart({ features }: AuditResult): Chart | undefined {
  const best = new Map<string, AuditResult['features'][number]>();
  for (const each of features) {
    const known = best.get(each.feature);
    if (!known || distance(each) > distance(known)) best.set(each.feature, each);
  }
  const values = [...best.values()]
    .sort((a, b) => distance(b) - distance(a))
    .slice(0, 16)
    .map((each) => ({
      name: label(`${each.feature.replace(/^the /, '')}: ${each.label}`, 44),
      auc: each.auc.value,
      ...boundsOf(each.auc),
    }));
  if (values.length === 0) return undefined;
  return {
    id: 'features',
    caption:
      'How well a count tells a label from the rest: the area under the ROC curve, with intervals, for the label each count tells best. 50 is chance; far from it in either direction is a shortcut.',
    alt: values.map(({ name, auc }) => `${name} ${percent(auc)}`).join(', '),
    spec: {
      data: { values },
      width: 200,
      encoding: { y: NAMES },
      layer: [
        {
          data: { values: [{ chance: 0.5 }] },
          mark: { type: 'rule', color: LINE, strokeWidth: 2 },
          encoding: {
            x: { field: 'chance', type: 'quantitative' },
            y: { value: 0 },
            y2: { value: 'height' },
          },
        },
        intervals('AUC'),
        { mark: { type: 'point', color: MAIN }, encoding: { x: { field: 'auc', type: 'quantitative' } } },
      ],
    },
  };
}

const distance = ({ auc }: AuditResult['features'][number]) => Math.abs(auc.value - 0.5);

/** Pointwise V-information by label: boxes of quantiles. */
export function informationChart({ information }: AuditResult): Chart | undefined {
  const values = information.flatMap(({ input, labels }) =>
    Object.entries(labels).map(
      ([
        of,
        {
          quantiles: [p5, p25, p50, p75, p95],
        },
      ]) => ({
        name: label(`${input}: ${of}`, 44),
        p5,
        p25,
        p50,
        p75,
        p95,
      }),
    ),
  );
  if (values.length === 0) return undefined;
  const x = (name: string) => ({ field: name, type: 'quantitative', title: 'Bits' });
  return {
    id: 'information',
    caption:
      'Pointwise V-information of the test rows by label: how many bits about its label an input gives a bag of words. Box: the middle half; line: the middle 90 %; below 0 the input misleads.',
    alt: values.map(({ name, p50 }) => `${name} median ${(p50 ?? 0).toFixed(2)}`).join(', '),
    spec: {
      data: { values },
      width: 200,
      encoding: { y: NAMES },
      layer: [
        { mark: { type: 'rule', color: SOFT_INK }, encoding: { x: x('p5'), x2: { field: 'p95' } } },
        {
          mark: { type: 'bar', color: COLOURS[3], height: { band: 0.6 } },
          encoding: { x: x('p25'), x2: { field: 'p75' } },
        },
        { mark: { type: 'tick', color: MAIN, thickness: 2 }, encoding: { x: x('p50') } },
      ],
    },
  };
}

/** Share of rows that have a partner with the same or nearly the same text. */
export function overlapChart({ overlaps, data }: AuditResult): Chart | undefined {
  const values = overlaps.map(({ of, match, where, share, rows }) => ({
    name: `${textName(of, data)}, ${where === 'between' ? 'test with train' : `within ${where}`}`,
    match,
    share,
    rows,
  }));
  if (values.every(({ rows }) => rows === 0)) return undefined;
  return {
    id: 'overlaps',
    caption: 'Share of rows whose text occurs in another row, as the same or nearly.',
    alt: values
      .filter(({ rows }) => rows > 0)
      .map(({ name, match, share }) => `${name}, ${match}: ${percent(share)}`)
      .join('; '),
    spec: {
      data: { values },
      width: 200,
      mark: { type: 'bar' },
      encoding: {
        y: NAMES,
        yOffset: { field: 'match', sort: null },
        x: shareOf('share', 'Rows'),
        color: {
          field: 'match',
          type: 'nominal',
          title: null,
          scale: { domain: ['same text', 'near'], range: [MAIN, COLOURS[3]] },
        },
      },
    },
  };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
