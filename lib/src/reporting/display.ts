import { createRequire } from 'node:module';
import type { Publication } from './publication.js';

/** The mime type that tells the runner what a cell has published. */
export const PUBLISHED_MIME = 'application/vnd.small-claims.published+json';

/** One thing shown under a cell, in the forms a front end may choose from. */
export interface Showing {
  /** Static HTML: no script, no style sheet, so that it looks the same in JupyterLab and in a saved notebook. */
  readonly html: string;
  /** The same for a terminal or a screen that cannot show HTML. */
  readonly text: string;
  readonly published?: Publication;
  /** A chart for front ends that draw it themselves, with tooltips, and as a picture for the others. */
  readonly chart?: { readonly spec: object; readonly svg: string };
}

/** What JupyterLab draws by itself. Where there is HTML too it takes that. */
const CHART_MIME = 'application/vnd.vegalite.v5+json';

/**
 * Shows something under the running cell; outside a tslab kernel it does nothing. A notebook that is run without a front end
 * keeps the HTML of a chart: its data are not to be in the page.
 */
export function show({ html, text, published, chart }: Showing): void {
  const headless = process.env['SMALL_CLAIMS_NOTEBOOK'] !== undefined;
  kernelDisplay()?.({
    data: {
      ...(chart && !headless
        ? { [CHART_MIME]: chart.spec, 'image/svg+xml': chart.svg }
        : { 'text/html': html }),
      'text/plain': text,
      ...(published && { [PUBLISHED_MIME]: published }),
    },
    metadata: {},
    transient: {},
  });
}

type DisplayData = (content: { data: object; metadata: object; transient: object }) => void;

/**
 * tslab's public `display` can send one mime type at a time, and the announcement has to travel with the picture,
 * so this calls what `display` itself calls, in the copy of tslab that runs this kernel.
 */
function kernelDisplay(): DisplayData | undefined {
  const loaded = Object.entries(createRequire(import.meta.url).cache).find(([file]) =>
    /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(file),
  );
  const exports: unknown = loaded?.[1]?.exports;
  return hasDisplay(exports) ? exports.lastWriteDisplayData : undefined;
}

function hasDisplay(exports: unknown): exports is { lastWriteDisplayData: DisplayData } {
  return (
    exports !== null &&
    typeof exports === 'object' &&
    'lastWriteDisplayData' in exports &&
    typeof exports.lastWriteDisplayData === 'function'
  );
}
