/**
 * What keeps a page in step with the paper: the new text is put in the place of the old, and what stood at the top of the
 * window stands there again. It is part of no file, only of the page as it is served while it is written.
 */
const SCRIPT = `
const shown = document.createElement('pre');
shown.setAttribute('role', 'alert');
shown.style = 'position:fixed;inset:auto 0 0;z-index:9;margin:0;max-height:50vh;overflow:auto;white-space:pre-wrap;background:#7a1022;color:#fff;padding:1rem 1.25rem';
function show(problem) {
  shown.textContent = problem;
  if (problem) document.documentElement.append(shown); else shown.remove();
}
function top() {
  const seen = [...document.querySelectorAll('main p, main h2, main h3, main figure, main table, header.title *')];
  const index = seen.findIndex((element) => element.getBoundingClientRect().bottom > 0);
  return { index, offset: seen[index]?.getBoundingClientRect().top ?? 0, element: (i) => seen[i] };
}
async function renew() {
  const text = await (await fetch('/')).text();
  const next = new DOMParser().parseFromString(text, 'text/html');
  const before = top();
  document.title = next.title;
  document.querySelector('style').textContent = next.querySelector('style').textContent;
  document.body.replaceWith(next.body);
  const after = top().element(before.index);
  if (after) scrollBy({ top: after.getBoundingClientRect().top - before.offset, behavior: 'instant' });
  show('');
}
const events = new EventSource('/events');
events.addEventListener('changed', renew);
events.addEventListener('problem', ({ data }) => show(data));
events.onerror = () => show('The paper is served no more: make watch has ended.');
let opened = false;
events.onopen = () => { if (opened) renew(); opened = true; };
`;

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const EMPTY = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Paper</title><style></style></head><body></body></html>
`;

/** The page as it is served: with the script, which its policy lets run, and nothing else. */
export function livePage(html: string = EMPTY, nonce: string): string {
  return html
    .replace(POLICY, `${POLICY}; script-src 'nonce-${nonce}'; connect-src 'self'`)
    .replace('</head>', () => `<script type="module" nonce="${nonce}">${SCRIPT}</script>\n</head>`);
}
