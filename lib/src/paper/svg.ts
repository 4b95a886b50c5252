import { UserError } from '../project/error.js';

/** What no figure of ours has and no page should run or fetch. */
const ACTIVE = /<(?:script|foreignObject|iframe|image|use|style)\b|\son\w+\s*=|javascript:|<!|<\?/i;
const EXTERNAL = /(?:href|src)\s*=\s*["'](?!#)|url\(\s*["']?(?!["']?#)/i;

/** The width an SVG was drawn at, in its own pixels. */
export function svgWidth(svg: string): number {
  return Number(/<svg\b[^>]*?\swidth="([\d.]+)"/.exec(svg)?.[1] ?? 400);
}

/**
 * A figure's SVG made fit to stand in a page among others: its ids begin with `prefix`, and its size gives way to the
 * page's, up to a little more than it was drawn at. Throws UserError for SVG that holds a script or refers to anything outside itself.
 */
export function inlineSvg(svg: string, prefix: string): string {
  refuseActive(svg, prefix);
  const width = Math.round(1.35 * svgWidth(svg));
  const [root = ''] = /<svg\b[^>]*>/.exec(svg) ?? [];
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

/** Throws UserError for SVG that could run code or fetch anything. */
export function refuseActive(svg: string, name: string): void {
  const found = ACTIVE.exec(svg) ?? EXTERNAL.exec(svg);
  if (found) {
    throw new UserError(`the figure "${name}" holds "${found[0].trim()}"`, {
      hint: 'Figures are still pictures: no script, style, image or address.',
    });
  }
}
