import type Token from 'markdown-it/lib/token.mjs';
import type { Inline } from '../document.js';
import type { Complain } from './scope.js';

/** The text of a link, where it is the address itself: nothing in that is a result or a citation. */
export function addressShown(tokens: readonly Token[], href: string): string | undefined {
  if (!tokens.every(({ type }) => type === 'text')) return undefined;
  const shown = tokens.map(({ content }) => content).join('');
  const bare = (address: string) => {
    let read = address;
    try {
      read = decodeURI(address);
    } catch {
      // It has a % that stands for itself.
    }
    return read.replace(/^(?:https?:\/\/|mailto:)|\/$/gi, '');
  };
  return bare(shown) === bare(href) ? shown : undefined;
}

/** A link of the paper: to the web, or by mail. */
export function link(href: string, children: Inline[], complain: Complain): Inline[] {
  if (/^(https?:|mailto:)/i.test(href)) return [{ kind: 'link', href, children }];
  complain(`a link to "${href}"`, 'Link to an https:// address, or to a part of the paper with @sec:id.');
  return children;
}
