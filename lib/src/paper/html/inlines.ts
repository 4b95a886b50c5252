import { escapeHtml } from '../../reporting/escape.js';
import type { Inline } from '../document.js';
import { mathml } from '../maths.js';
import { type Fact, valueAnchor, valueFacts } from '../origin.js';

/** Inline content as HTML. */
export function inlinesHtml(inlines: readonly Inline[]): string {
  return inlines.map(inlineHtml).join('');
}

function inlineHtml(inline: Inline): string {
  switch (inline.kind) {
    case 'text':
      return escapeHtml(inline.text);
    case 'emphasis':
      return `<em>${inlinesHtml(inline.children)}</em>`;
    case 'strong':
      return `<strong>${inlinesHtml(inline.children)}</strong>`;
    case 'code':
      return `<code>${escapeHtml(inline.text)}</code>`;
    case 'link':
      return `<a href="${escapeHtml(inline.href)}">${inlinesHtml(inline.children)}</a>`;
    case 'value':
      return valueHtml(inline);
    case 'quoted':
      return `<span class="quoted">${escapeHtml(inline.text)}<sup><a href="#${escapeHtml(inline.anchor)}" aria-label="quoted from ${escapeHtml(
        inline.source,
      )}">q</a></sup></span>`;
    case 'maths':
      return mathml(inline.tex, { display: false });
    case 'footnote': {
      const { number, first } = inline;
      const id = first ? ` id="fnref-${number}"` : '';
      return `<sup${id}><a class="note" href="#fn-${number}" aria-label="Note ${number}">${number}</a></sup>`;
    }
    case 'break':
      return '<br>';
  }
}

/**
 * A published number with all that is known of it, which the style shows under the pointer, a finger or the focus, and
 * which nothing else sees: a reader without the style finds the same in the appendix.
 */
function valueHtml({ text, number, found }: Extract<Inline, { kind: 'value' }>): string {
  const id = escapeHtml(found.content.id);
  const data = `<data value="${number}" data-id="${id}" tabindex="0" aria-describedby="${valueAnchor(id)}">${escapeHtml(text)}</data>`;
  return `<span class="value">${data}<span class="card" hidden>${factsHtml(valueFacts(found))}</span></span>`;
}

/** A line a fact; made of what may stand within a sentence. */
export function factsHtml(facts: readonly Fact[]): string {
  return facts
    .map(
      ({ label, content }) => `<span class="fact"><b>${escapeHtml(label)}</b> ${inlinesHtml(content)}</span>`,
    )
    .join(' ');
}
