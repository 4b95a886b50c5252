import type { TopLevelSpec } from 'vega-lite';
import { UserError } from '../project/error.js';
import { isObject } from '../project/json.js';
import { alternatives } from '../project/nearest.js';
import { show } from './display.js';
import { escapeHtml } from './escape.js';
import { type Provenance, publish, publishedJson, type Source } from './publication.js';
import { textWidth } from './textwidth.js';

export interface Figure {
  /** Kebab-case, unique across notebooks; the paper refers to it as `:::{figure} id`. */
  readonly id: string;
  /** One sentence in plain text. The paper may give its own. */
  readonly caption: string;
  /** What the figure shows, for those who cannot see it: the finding, not the shape of the chart alone. */
  readonly alt: string;
  /** A Vega-Lite specification with its data in it; the house theme is added. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** The records and files it was made from; none only if it was made from nothing. */
  readonly sources: readonly Source[];
}

/** A figure as the paper finds it in `figures/<id>.json`, beside `figures/<id>.svg`. */
export interface PublishedFigure extends Omit<Figure, 'sources' | 'spec'>, Provenance {}

/**
 * Publishes a figure for the paper and shows it under the cell.
 *
 * @throws UserError for a bad or repeated id, an empty caption or alt text, and a specification Vega-Lite complains
 * of.
 *
 * @example
 * const spec = { data: { values: [{ x: 1, y: 2 }] }, mark: 'point', encoding: { x: { field: 'x' }, y: { field: 'y' } } };
 * await publishFigure({ id: 'one-point', caption: 'One point.', alt: 'A point at 1, 2.', spec, sources: [] }); // -> undefined
 * await publishFigure({ id: 'no-alt', caption: 'One point.', alt: '', spec, sources: [] }); // throws has no alt
 */
export async function publishFigure({ sources, spec, ...figure }: Figure): Promise<void> {
  for (const field of ['caption', 'alt'] as const) {
    if (!figure[field].trim()) {
      throw new UserError(`the figure "${figure.id}" has no ${field}`, {
        hint: 'Say in a sentence what a reader is to see in it.',
      });
    }
  }
  const svg = await renderFigure(spec, figure);
  const published = { kind: 'figure', id: figure.id } as const;
  publish(published, sources, (provenance) => {
    const file: PublishedFigure = { ...figure, ...provenance };
    return { '.svg': svg, '.json': publishedJson(file) };
  });
  const caption = `<figcaption>${escapeHtml(figure.caption)}</figcaption>`;
  show({
    html: figureHtml(svg, figure.alt, caption),
    text: `${figure.caption}\n${figure.alt}`,
    published,
    chart: { spec: await interactive(spec, figure.alt, figure.caption), svg },
  });
}

/**
 * Shows a chart under the cell without publishing it: in JupyterLab with tooltips, elsewhere as a picture. The house theme is
 * added. Its `description`, where it has one, is what those who cannot see it are told.
 *
 * @throws UserError for what Vega-Lite complains of, and data that would have to be fetched.
 *
 * @example
 * const values = [{ label: 'yes', rows: 216 }, { label: 'no', rows: 112 }];
 * await showFigure({ data: { values }, mark: 'bar', encoding: { x: { field: 'rows' }, y: { field: 'label' } } }); // -> undefined
 */
export async function showFigure(spec: Figure['spec']): Promise<void> {
  const { description } = spec;
  const alt = typeof description === 'string' && description !== '' ? description : inWords(spec);
  const svg = await renderFigure(spec, { id: 'shown', alt });
  show({ html: figureHtml(svg, alt), text: alt, chart: { spec: await interactive(spec, alt), svg } });
}

const figureHtml = (svg: string, alt: string, caption = '') =>
  `<figure style="margin:0"><img alt="${escapeHtml(alt)}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}" style="max-width:100%">${caption}</figure>`;

/** The specification for a front end that draws it: the house theme, and a tooltip of all that a mark stands for. */
async function interactive(spec: Figure['spec'], alt: string, caption?: string): Promise<object> {
  const { theme } = await import('./theme.js');
  const own = isObject(spec['config']) ? spec['config'] : {};
  const mark = isObject(own['mark']) ? own['mark'] : {};
  return {
    ...spec,
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    description: alt,
    ...(caption !== undefined &&
      spec['title'] === undefined && {
        title: { text: caption, anchor: 'start', fontWeight: 'normal', limit: 700 },
      }),
    config: { ...theme, ...own, mark: { ...theme.mark, tooltip: { content: 'encoding' }, ...mark } },
  };
}

/** What a specification says of its chart: `bar: rows by label`. */
function inWords({ mark, encoding }: Figure['spec']): string {
  const kind = isObject(mark) ? mark['type'] : mark;
  const fields = Object.entries(isObject(encoding) ? encoding : {}).flatMap(([channel, given]) =>
    isObject(given) && typeof given['field'] === 'string' ? [`${channel} is ${given['field']}`] : [],
  );
  return [
    `A chart${typeof kind === 'string' ? ` of the kind ${kind}` : ''}`,
    ...(fields.length > 0 ? [fields.join(', ')] : []),
  ].join(': ');
}

/**
 * Draws a Vega-Lite specification as SVG, byte for byte the same in every process and on every machine.
 * Throws UserError if Vega-Lite or Vega warns, or the data would have to be fetched.
 */
export function renderFigure(spec: Figure['spec'], about: { id: string; alt: string }): Promise<string> {
  // One at a time: Vega numbers clips and gradients with a counter of the whole process.
  const drawing = lastDrawing.then(() => draw(spec, about));
  lastDrawing = drawing.catch(() => undefined);
  return drawing;
}

let lastDrawing: Promise<unknown> = Promise.resolve();

async function draw(spec: Figure['spec'], { id, alt }: { id: string; alt: string }): Promise<string> {
  // Imported here: both have top-level await, which a notebook's cell cannot load statically.
  const [vega, vegaLite, { theme }] = await Promise.all([
    import('vega'),
    import('vega-lite'),
    import('./theme.js'),
  ]);
  const complaint = (...messages: readonly unknown[]) =>
    new UserError(messages.map(String).join(' '), { at: { field: `figure "${id}"` } });
  // Vega calls these where an exception would be lost, and the drawing never end: kept, and thrown afterwards.
  const complaints: UserError[] = [];
  const logger = vega.logger(vega.Warn);
  logger.warn = logger.error = (...messages: readonly unknown[]) => {
    complaints.push(complaint(...messages));
    return logger;
  };
  const loader = vega.loader();
  loader.load = async (uri: string) => {
    complaints.push(complaint(`would fetch ${uri}`));
    return '[]';
  };

  if (!isSpec(spec)) throw complaint(`the specification has none of ${COMPOSITIONS.join(', ')}`);
  const stranger = unknownMark(spec);
  if (stranger !== undefined)
    throw new UserError(`there is no mark "${stranger}"`, {
      at: { field: `figure "${id}"` },
      hint: alternatives(stranger, MARKS, 'marks'),
    });
  vega.resetSVGDefIds();
  estimateText(vega);
  const view = new vega.View(parse(spec), { renderer: 'none', logger, loader });
  try {
    const svg = await view.toSVG();
    if (complaints[0]) throw complaints[0];
    return `${svg.replace('<svg ', `<svg role="img" aria-label="${escapeHtml(alt)}" `)}\n`;
  } finally {
    view.finalize();
  }

  function parse(checked: TopLevelSpec) {
    try {
      return vega.parse(vegaLite.compile(checked, { config: theme, logger }).spec);
    } catch (cause) {
      throw complaint(cause instanceof Error ? cause.message : cause);
    }
  }
}

const COMPOSITIONS = ['mark', 'layer', 'facet', 'repeat', 'concat', 'hconcat', 'vconcat'];

/** https://vega.github.io/vega-lite/docs/mark.html */
const MARKS = [
  ...[
    'arc',
    'area',
    'bar',
    'circle',
    'geoshape',
    'image',
    'line',
    'point',
    'rect',
    'rule',
    'square',
    'text',
    'tick',
  ],
  ...['trail', 'boxplot', 'errorband', 'errorbar'],
];

/** The first mark, in any view of a specification, that Vega-Lite does not know: it would tell of it in words of its own insides. */
function unknownMark(view: unknown): string | undefined {
  if (Array.isArray(view)) return view.map(unknownMark).find((mark) => mark !== undefined);
  if (!isObject(view)) return undefined;
  const mark = isObject(view['mark']) ? view['mark']['type'] : view['mark'];
  if (typeof mark === 'string' && !MARKS.includes(mark)) return mark;
  return ['layer', 'concat', 'hconcat', 'vconcat', 'spec']
    .map((part) => unknownMark(view[part]))
    .find(Boolean);
}

/** Whether an object is a specification in Vega-Lite, with the data in it. */
export const isChart = (value: object): value is Figure['spec'] =>
  isSpec(value) && ('data' in value || 'layer' in value || '$schema' in value) && isObject(value);

function isSpec(spec: object): spec is TopLevelSpec {
  return COMPOSITIONS.some((key) => key in spec);
}

/** Makes Vega measure text by our estimate, not by a canvas some machines have, nor by its own rough one. */
function estimateText(vega: object): void {
  if (!('textMetrics' in vega)) throw new Error('this Vega has no textMetrics');
  Object.assign(Object(vega.textMetrics), {
    width: (item: { fontSize?: number }, text: unknown) => textWidth(String(text), item.fontSize ?? 11),
  });
}
