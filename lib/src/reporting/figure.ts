import type { TopLevelSpec } from 'vega-lite';
import { UserError } from '../project/error.js';
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
  const data = Buffer.from(svg).toString('base64');
  show({
    html: `<figure style="margin:0"><img alt="${escapeHtml(figure.alt)}" src="data:image/svg+xml;base64,${data}" style="max-width:100%"><figcaption>${escapeHtml(figure.caption)}</figcaption></figure>`,
    text: `${figure.caption}\n${figure.alt}`,
    published,
  });
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
