import MarkdownIt from 'markdown-it';
import { UserError } from '../project/error.js';
import { escapeHtml } from '../reporting/escape.js';
import { printedText } from './printed-text.js';

/**
 * An executed notebook as one HTML page, an anchor `cell-N` at each code cell, N as the paper and the runner count them:
 * from 1, blank and skipped cells left out. What a cell printed is escaped; HTML that it displayed stands as it is, under a policy
 * that lets nothing in the page run or be fetched.
 *
 * @throws UserError naming `file` when `json` is no notebook of nbformat 4.
 */
export function notebookPage(name: string, json: string, file: string): string {
  const unusable = (why: string, cause?: unknown) =>
    new UserError(`not an executed notebook: ${why}`, {
      at: { file },
      hint: 'Delete it and run `make paper` again.',
      cause,
    });
  let notebook: unknown;
  try {
    notebook = JSON.parse(json);
  } catch (cause) {
    throw unusable('it is not valid JSON', cause);
  }
  const cells = isFields(notebook) ? notebook['cells'] : undefined;
  if (!Array.isArray(cells)) throw unusable('it has no cells');
  const markdown = new MarkdownIt({ html: false });
  let number = 0;
  const body = cells.filter(isFields).map((cell) => {
    const source = joined(cell['source']);
    if (cell['cell_type'] === 'markdown')
      return `<section class="prose">\n${markdown.render(source)}</section>`;
    if (cell['cell_type'] !== 'code' || source.trim() === '') return '';
    if (isSkipped(cell)) {
      return `<section class="cell" aria-label="A cell that is not run">
<p class="number">not run: it is tagged skip-execution</p>
<pre tabindex="0"><code>${escapeHtml(source)}</code></pre>
</section>`;
    }
    number++;
    const outputs = Array.isArray(cell['outputs']) ? cell['outputs'].filter(isFields) : [];
    return `<section class="cell" id="cell-${number}" aria-label="Cell ${number}">
<a class="number" href="#cell-${number}">[${number}]</a>
<pre tabindex="0"><code>${escapeHtml(source)}</code></pre>
${outputs.map(outputHtml).join('\n')}
</section>`;
  });
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(name)}, as executed</title>
<style>
${STYLE}
</style>
</head>
<body>
<header><p>The notebook <code>${escapeHtml(name)}</code> as it was executed for <a href="../../paper/paper.html">the paper</a>.</p></header>
<main>
${body.filter(Boolean).join('\n')}
</main>
</body>
</html>
`;
}

/** As the runner leaves it out, and does not count it. */
function isSkipped({ metadata }: Fields): boolean {
  const tags = isFields(metadata) ? metadata['tags'] : [];
  return Array.isArray(tags) && tags.includes('skip-execution');
}

function outputHtml(output: Fields): string {
  const data = isFields(output['data']) ? output['data'] : {};
  const shown = joined(data['text/html']);
  if (shown) return `<div class="output" tabindex="0">${shown}</div>`;
  const traceback = Array.isArray(output['traceback']) ? output['traceback'].join('\n') : '';
  const printed = joined(output['text']) || joined(data['text/plain']) || traceback;
  const plain = printedText(printed);
  return plain && `<pre class="output" tabindex="0">${escapeHtml(plain)}</pre>`;
}

const STYLE = `body { margin: 0 auto; padding: 1.5rem 1.25rem 4rem; max-width: 56rem; background: #fff; color: #1f2328;
  font: 1rem/1.5 "Helvetica Neue", Helvetica, Arial, sans-serif; }
header { color: #57606a; border-bottom: 1px solid #d0d7de; }
a { color: #0b57a4; }
pre, code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.86rem; }
pre { overflow-x: auto; margin: 0 0 0.75rem; padding: 0.75rem 1rem; background: #f6f8fa; border: 1px solid #d0d7de; line-height: 1.4; }
pre.output { background: none; }
.cell { position: relative; margin: 1.5rem 0; scroll-margin-top: 1rem; }
.cell:target { outline: 0.2rem solid #ddaa33; outline-offset: 0.4rem; }
.number { color: #57606a; font: 0.8rem ui-monospace, monospace; text-decoration: none; }
.output { overflow-x: auto; margin: 0 0 0.75rem; }
table { border-collapse: collapse; font-size: 0.9rem; }
th, td { padding: 0.2rem 0.6rem; border-bottom: 1px solid #d0d7de; }
img { max-width: 100%; }`;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (json: unknown): json is Fields =>
  json !== null && typeof json === 'object' && !Array.isArray(json);

/** Text as nbformat keeps it: whole, or a list of lines. */
function joined(text: unknown): string {
  if (typeof text === 'string') return text;
  return Array.isArray(text) && text.every((line) => typeof line === 'string') ? text.join('') : '';
}
