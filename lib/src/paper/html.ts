import { escapeHtml } from '../reporting/escape.js';
import { valueDetail } from '../reporting/value.js';
import { type Block, type Inline, type Paper, plainText, type TableBlock } from './document.js';
import { mathml } from './maths.js';
import { adaptsToDark, inlineSvg } from './svg.js';

/** The paper as one HTML file that fetches nothing and runs nothing. */
export function paperHtml(paper: Paper, style: string): string {
  const { title, authors, language, keywords } = paper;
  const sections = paper.body.flatMap((block) =>
    block.kind === 'heading' && block.level <= 2 ? [block] : [],
  );
  const meta = (name: string, content: string) => `<meta name="${name}" content="${escapeHtml(content)}">`;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
${meta('author', authors.map(({ name }) => name).join(', '))}
${meta('description', plainText(paper.abstract.flatMap((block) => ('children' in block ? inlines(block) : []))))}
${meta('keywords', keywords.join(', '))}
<style>
${style.trim()}
</style>
</head>
<body>
<a class="skip" href="#text">Skip to the text</a>
<header class="title">
<h1>${escapeHtml(title)}</h1>
<ul class="authors">
${authors.map(authorHtml).join('\n')}
</ul>
<section class="abstract" aria-labelledby="abstract">
<h2 id="abstract">Abstract</h2>
${blocksHtml(paper.abstract)}
${keywords.length > 0 ? `<p class="keywords"><b>Keywords:</b> ${escapeHtml(keywords.join(', '))}</p>` : ''}
</section>
<aside class="provenance" aria-label="About the numbers">
<p>${inlinesHtml(paper.provenance)}</p>
</aside>
</header>
<nav class="contents" aria-labelledby="contents">
<h2 id="contents">Contents</h2>
<ol>
${[
  ...sections.map(({ anchor, number, children, level }) => ({
    anchor,
    level,
    label: `${number ? `<span class="number">${number}</span> ` : ''}${inlinesHtml(withoutNotes(children))}`,
  })),
  { anchor: 'references', level: 1, label: 'References' },
]
  .map(
    ({ anchor, level, label }) =>
      `<li class="level-${level}"><a href="#${escapeHtml(anchor)}">${label}</a></li>`,
  )
  .join('\n')}
</ol>
</nav>
<main id="text">
${blocksHtml(paper.body)}
<section class="references" aria-labelledby="references">
<h2 id="references">References</h2>
<ul>
${paper.references.map(({ anchor, content }) => `<li id="${escapeHtml(anchor)}">${inlinesHtml(content)}</li>`).join('\n')}
</ul>
</section>
${footnotesHtml(paper.footnotes)}
</main>
</body>
</html>
`;
}

function authorHtml({ name, affiliation, email }: Paper['authors'][number]): string {
  const parts = [
    `<b>${escapeHtml(name)}</b>`,
    affiliation && escapeHtml(affiliation),
    email && `<a href="mailto:${escapeHtml(email)}">${escapeHtml(email)}</a>`,
  ];
  return `<li>${parts.filter(Boolean).join('<br>')}</li>`;
}

function footnotesHtml(footnotes: Paper['footnotes']): string {
  if (footnotes.length === 0) return '';
  const items = footnotes.map((blocks, i) => {
    const back = `<a class="back" href="#fnref-${i + 1}" aria-label="Back to the text of note ${i + 1}">↩</a>`;
    return `<li id="fn-${i + 1}">${blocksHtml(blocks).replace(/(<\/p>)?$/, ` ${back}$1`)}</li>`;
  });
  return `<section class="footnotes" aria-labelledby="notes">
<h2 id="notes">Notes</h2>
<ol>
${items.join('\n')}
</ol>
</section>`;
}

function blocksHtml(blocks: readonly Block[]): string {
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
    case 'figure': {
      const { anchor, number, caption, published, svg, wide } = block;
      return `<figure id="${escapeHtml(anchor)}" class="figure${wide ? ' wide' : ''}">
<div class="plate${adaptsToDark(svg) ? ' adapts' : ''}">${inlineSvg(svg, escapeHtml(anchor))}</div>
<figcaption><b>Figure ${number}.</b> ${inlinesHtml(caption)} ${madeBy(published.notebook)}</figcaption>
</figure>`;
    }
  }
}

function tableHtml({ anchor, number, caption, columns, rows, notes, published, wide }: TableBlock): string {
  const head = columns.map(
    ({ title, align }) => `<th scope="col" class="${align}">${inlinesHtml(title)}</th>`,
  );
  const body = rows.map((cells) => {
    const row = columns.map(({ align, header }, i) => {
      const content = inlinesHtml(cells[i] ?? []);
      return header
        ? `<th scope="row" class="${align}">${content}</th>`
        : `<td class="${align}">${content}</td>`;
    });
    return `<tr>${row.join('')}</tr>`;
  });
  return `<div id="${escapeHtml(anchor)}" class="table${wide ? ' wide' : ''}">
<section class="scroll" aria-labelledby="${escapeHtml(anchor)}-caption" tabindex="0">
<table>
<caption id="${escapeHtml(anchor)}-caption"><div><b>Table ${number}.</b> ${inlinesHtml(caption)} ${
    published ? madeBy(published.notebook) : ''
  }</div></caption>
<thead>
<tr>${head.join('')}</tr>
</thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
</section>
${notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join('\n')}
</div>`;
}

const madeBy = (notebook: string) => `<span class="made-by">[<code>${escapeHtml(notebook)}</code>]</span>`;

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

/** A published number, with all that is known of it in `title`, which the style also shows once it has the focus, and in data attributes for whatever shows more. */
function valueHtml({ text, number, found }: Extract<Inline, { kind: 'value' }>): string {
  const { content, cell } = found;
  const { id, interval, n, notebook } = content;
  const data = {
    id,
    notebook,
    cell,
    n,
    low: interval?.low,
    high: interval?.high,
    level: interval?.level,
  };
  const attributes = Object.entries(data).flatMap(([name, datum]) =>
    datum === undefined ? [] : [` data-${name}="${escapeHtml(String(datum))}"`],
  );
  const made = [`notebook ${notebook}`, cell !== undefined && `cell ${cell}`].filter(Boolean).join(', ');
  const title = [valueDetail(content), made].filter(Boolean).join('; ');
  return `<data class="value" value="${number}"${attributes.join('')} title="${escapeHtml(title)}" tabindex="0">${escapeHtml(text)}</data>`;
}

function inlines(block: Block): readonly Inline[] {
  return block.kind === 'paragraph' || block.kind === 'heading' ? block.children : [];
}

/** A heading as it stands in the table of contents, where its notes and links would be repeated. */
function withoutNotes(inlines: readonly Inline[]): Inline[] {
  return inlines.flatMap((inline): readonly Inline[] => {
    if (inline.kind === 'footnote') return [];
    return inline.kind === 'link' ? withoutNotes(inline.children) : [inline];
  });
}
