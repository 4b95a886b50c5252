import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { tableCsv } from 'small-claims/reporting/csv';
import { escapeLatex, tableLatex } from 'small-claims/reporting/latex';
import type { TableContent } from 'small-claims/reporting/table';
import { tableHtml } from 'small-claims/reporting/table';

const HOSTILE = 'a "b", \\input{x} $5 & 10 % <i> #1_2^3 ~ [x]\n\u0007| {y}';

const table: TableContent & { readonly id: string } = {
  id: 'scores',
  caption: `Scores of ${HOSTILE}`,
  columns: [
    { id: 'model', title: HOSTILE },
    { id: 'f1', title: 'F1', format: 'percent' },
    { id: 'n', title: 'n', format: 'count' },
  ],
  rows: [
    [HOSTILE, { number: 0.51234567890123, interval: { low: 0.47, high: 0.55 }, best: true }, 450],
    ['plain', 0.4, null],
  ],
  notes: [HOSTILE],
};

test('a CSV gives back every word and every digit, by an independent reader', () => {
  assert.deepEqual(parse(tableCsv(table)), [
    ['model', 'f1', 'f1-low', 'f1-high', 'f1-best', 'n'],
    [HOSTILE, '0.51234567890123', '0.47', '0.55', 'yes', '450'],
    ['plain', '0.4', '', '', '', ''],
  ]);
});

test('LaTeX of hostile text has no command, group, comment, maths or alignment of its own', () => {
  const escaped = escapeLatex(HOSTILE);
  const known =
    /\\(?:textbackslash|textasciicircum|textasciitilde|textless|textgreater|textbar|textquotedbl)\{\}|\\[{}$&#_%]|\{[[\]]\}/g;
  assert.doesNotMatch(escaped.replace(known, ''), /[\\{}$&#_%^~<>|"\p{Cc}]/u);
});

test('a LaTeX table has as many columns in each row as it declares, intervals in columns of their own', () => {
  const latex = tableLatex(table, `made by\nan \\input`);
  const [, spec = ''] = /\\begin\{tabular\}\{(.*)\}/.exec(latex) ?? [];
  assert.equal(spec, 'lr@{ }lr');
  const lines = latex.split('\n').filter((line) => line.endsWith(' \\\\'));
  assert.equal(lines.length, 3);
  for (const line of lines) {
    const spanned = line.includes('\\multicolumn{2}') ? 1 : 0;
    assert.equal(line.split(/(?<!\\)&/).length + spanned, 4, line);
  }
  assert.match(latex, /\\textbf\{51\.2\} & \(47\.0–55\.0\) & 450 \\\\/);
  assert.match(latex, /^% scores, made by an \\input\. Needs/);
});

test('what is best is bold under the cell too, and its interval is not', () => {
  assert.match(tableHtml(table), /<strong>51\.2<\/strong> \(47\.0–55\.0\)/);
  assert.doesNotMatch(tableHtml(table), /<strong>40\.0/);
});
