import { escapeHtml } from '../reporting/escape.js';

/** HTML that is safe to put into a page as it is. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = Markup | string | number | readonly Part[];

/** HTML with what is put in escaped, unless it is `Markup` itself; lists are joined. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((text, index) => text + partText(parts[index] ?? '')).join(''));
}

function partText(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return part.map(partText).join('');
}
