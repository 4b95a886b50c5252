import { type Location, UserError } from '../project/error.js';
import { COLOURS, INK, LINE, SOFT_INK } from '../reporting/palette.js';

/** What no figure of ours has and no page should run or fetch. */
const ACTIVE = /<(?:script|foreignObject|iframe|image|use|style)\b|\son\w+\s*=|javascript:|<!|<\?/i;
const EXTERNAL = /(?:href|src)\s*=\s*["'](?!#)|url\(\s*["']?(?!["']?#)/i;

/** The size an SVG was drawn at, in its own pixels. Throws UserError if it does not say. */
export function svgSize(svg: string, name: string): { width: number; height: number } {
  const [width, height] = ['width', 'height'].map((side) =>
    Number(new RegExp(`<svg\\b[^>]*?\\s${side}="([\\d.]+)"`).exec(svg)?.[1]),
  );
  if (!width || !height) throw new UserError(`the figure "${name}" does not say its width and height`);
  return { width, height };
}

/**
 * A figure's SVG made fit to stand in a page among others: its ids begin with `prefix`, and its size gives way to the
 * page's, up to a little more than it was drawn at. Throws UserError for SVG that holds a script or refers to anything outside itself.
 */
export function inlineSvg(svg: string, prefix: string): string {
  refuseActive(svg, prefix);
  const width = Math.round(1.35 * svgSize(svg, prefix).width);
  const [root = ''] = /<svg\b[^<>]*>/.exec(svg) ?? [];
  const content = svg
    .trim()
    .slice(root.length)
    // The figure has one text alternative, in its root; Vega also names every group.
    .replace(/\s(?:role|aria-[a-z]+)="[^"]*"/g, '')
    .replace(/\bid="([^"]+)"/g, `id="${prefix}-$1"`)
    .replace(/url\(#/g, `url(#${prefix}-`)
    .replace(/href="#/g, `href="#${prefix}-`);
  const scaled = root
    .replace(/\s(?:width|height|class|version|xmlns:xlink)="[^"]*"/g, '')
    .replace('<svg', `<svg style="max-width:${width}px"`);
  return scaled + content;
}

/** All letters an SVG draws. */
export function svgText(svg: string): string {
  return svg
    .replace(/<[^<>]*>/g, '')
    .replace(/&#(x?)([\da-f]+);/gi, (_, hex, code) =>
      String.fromCodePoint(Number.parseInt(code, hex ? 16 : 10)),
    )
    .replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => ENTITIES[name] ?? '');
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const HOUSE_COLOURS: readonly string[] = [...COLOURS, INK, SOFT_INK, LINE, 'white', 'none', 'transparent'];

/** Whether a figure has house colours alone, each of which has a counterpart on a dark ground. */
export function adaptsToDark(svg: string): boolean {
  return [...svg.matchAll(/\s(?:fill|stroke)="([^"]*)"/g)].every(([, colour = '']) =>
    HOUSE_COLOURS.includes(colour),
  );
}

/** Throws UserError, naming the file `at` that it came from, for SVG that could run code or fetch anything. */
export function refuseActive(svg: string, name: string, at?: Location): void {
  const found = ACTIVE.exec(svg) ?? EXTERNAL.exec(svg);
  if (found) {
    throw new UserError(`the figure "${name}" holds "${found[0].trim()}"`, {
      ...(at && { at }),
      hint: 'Figures are still pictures: no script, style, image or address.',
    });
  }
}
