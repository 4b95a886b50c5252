import { escapeHtml } from '../../reporting/escape.js';
import { type Block, type Inline, type Paper, plainText, text } from '../document.js';
import { blocksHtml } from './blocks.js';
import { inlinesHtml } from './inlines.js';

/** The paper as one HTML file that fetches nothing and runs nothing. */
export function paperHtml(paper: Paper, style: string): string {
  const { title, authors, language, keywords } = paper;
  const appendix = paper.appendix.length > 0 ? blocksHtml(paper.appendix) : '';
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
  ...sections(paper.body),
  ...(paper.references.length > 0 ? [{ anchor: 'references', level: 1, label: 'References' }] : []),
  ...sections(paper.appendix),
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
${referencesHtml(paper.references)}
${footnotesHtml(paper.footnotes)}
${
  appendix &&
  `<section class="appendix" aria-label="Appendix">
${appendix}
</section>`
}
</main>
</body>
</html>
`;
}

/** The headings that the table of contents lists. */
function sections(blocks: readonly Block[]): { anchor: string; level: number; label: string }[] {
  return blocks.flatMap((block) => {
    if (block.kind !== 'heading' || block.level > 2) return [];
    const { anchor, number, children, level } = block;
    const label = `${number ? `<span class="number">${number}</span> ` : ''}${inlinesHtml(withoutNotes(children))}`;
    return [{ anchor, level, label }];
  });
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

function inlines(block: Block): readonly Inline[] {
  return block.kind === 'paragraph' || block.kind === 'heading' ? block.children : [];
}

/** A heading as it stands in the table of contents, where its notes, links and what is known of its numbers would be repeated. */
function withoutNotes(inlines: readonly Inline[]): Inline[] {
  return inlines.flatMap((inline): readonly Inline[] => {
    if (inline.kind === 'footnote') return [];
    if (inline.kind === 'value') return [text(inline.text)];
    return inline.kind === 'link' ? withoutNotes(inline.children) : [inline];
  });
}

/** The list of what is cited; nothing where nothing is. */
function referencesHtml(references: Paper['references']): string {
  if (references.length === 0) return '';
  const items = references.map(
    ({ anchor, content }) => `<li id="${escapeHtml(anchor)}">${inlinesHtml(content)}</li>`,
  );
  return `<section class="references" aria-labelledby="references">
<h2 id="references">References</h2>
<ul>
${items.join('\n')}
</ul>
</section>`;
}
