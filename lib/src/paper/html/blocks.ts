import { escapeHtml } from '../../reporting/escape.js';
import type { Block, FigureBlock, Ledger } from '../document.js';
import { mathml } from '../maths.js';
import { adaptsToDark, inlineSvg } from '../svg.js';
import { inlinesHtml } from './inlines.js';
import { madeBy, originHtml } from './origin-note.js';
import { rowsHtml } from './rows.js';
import { tableHtml } from './table.js';

/** Blocks as HTML, a line or more each. */
export function blocksHtml(blocks: readonly Block[]): string {
  return blocks.map(blockHtml).join('\n');
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading': {
      // The title of the paper is its h1.
      const level = Math.min(block.level + 1, 6);
      const number = block.number ? `<span class="number">${block.number}</span> ` : '';
      return `<h${level} id="${escapeHtml(block.anchor)}">${number}${inlinesHtml(block.children)}</h${level}>`;
    }
    case 'paragraph':
      return block.tight ? inlinesHtml(block.children) : `<p>${inlinesHtml(block.children)}</p>`;
    case 'list': {
      const items = block.items.map((item) => `<li>${blocksHtml(item)}</li>`).join('\n');
      if (block.start === undefined) return `<ul>\n${items}\n</ul>`;
      return `<ol${block.start === 1 ? '' : ` start="${block.start}"`}>\n${items}\n</ol>`;
    }
    case 'quote':
      return `<blockquote>\n${blocksHtml(block.children)}\n</blockquote>`;
    case 'code':
      return `<pre tabindex="0"><code>${escapeHtml(block.text)}</code></pre>`;
    case 'maths':
      return `<div class="maths">${mathml(block.tex, { display: true })}</div>`;
    case 'rule':
      return '<hr>';
    case 'table':
      return tableHtml(block);
    case 'ledger':
      return ledgerHtml(block);
    case 'figure':
      return figureHtml(block);
  }
}

function figureHtml({ anchor, number, caption, found, wide }: FigureBlock): string {
  const { svg } = found;
  return `<figure id="${escapeHtml(anchor)}" class="figure${wide ? ' wide' : ''}">
<div class="plate${adaptsToDark(svg) ? ' adapts' : ''}">${inlineSvg(svg, escapeHtml(anchor))}</div>
<figcaption><b>Figure ${number}.</b> ${inlinesHtml(caption)} ${madeBy(found)}
${originHtml(found)}
</figcaption>
</figure>`;
}

function ledgerHtml({ label, columns, rows }: Ledger): string {
  const heads = columns.map(({ title, align }, i) => ({ title: escapeHtml(title), align, header: i === 0 }));
  const lines = rows.map(({ anchor, cells }) => ({ anchor, cells: cells.map(inlinesHtml) }));
  return `<section class="scroll ledger" aria-label="${escapeHtml(label)}: table" tabindex="0">
<table>
${rowsHtml(heads, lines)}
</table>
</section>`;
}
