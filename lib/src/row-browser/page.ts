import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { escapeHtml } from '../reporting/escape.js';
import { type Browsed, pageRows } from './page-rows.js';

/** The page's script, in the order in which its parts build on each other. */
const PARTS = ['elements', 'filters', 'answers', 'detail', 'list', 'view'] as const;

/**
 * Rows to be looked through in a browser: texts, gold and what every system answers, with filters, keys and links to
 * single rows. One file that fetches nothing and holds the rows' texts, so that it is not to be passed on.
 *
 * Nothing of the data becomes markup or code: it stands in a block of JSON, out of which the script makes text nodes, and
 * the page's policy lets that one script run and no other, nor any text become HTML (trusted types).
 */
export function rowsPage(browsed: Browsed): string {
  const [style, ...parts] = ['style.css', ...PARTS.map((part) => `${part}.js`)].map(
    (file) =>
      `${readFileSync(fileURLToPath(new URL(`../../browser/${file}`, import.meta.url)), 'utf8').trim()}\n`,
  );
  const css = `\n${style}`;
  const script = `\n(() => {\n'use strict';\n${parts.join('\n')}})();\n`;
  const policy = [
    "default-src 'none'",
    `script-src '${digest(script)}'`,
    `style-src '${digest(css)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(browsed.title)}</title>
<style>${css}</style>
</head>
<body>
<noscript><p>This page shows rows by its own script: let it run.</p></noscript>
<script type="application/json" id="rows">${json(pageRows(browsed))}</script>
<script>${script}</script>
</body>
</html>
`;
}

const digest = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;

/** JSON that ends no element, whatever its texts hold. */
const json = (value: object) =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
