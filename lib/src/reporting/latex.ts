import { cellParts, columnAlign, isBest, type TableContent, tableCells } from './table.js';

/**
 * A table as LaTeX, for the template of a venue: ruled with booktabs, which is all it needs, numbers and their intervals
 * in columns of their own so that decimals are aligned. `made` stands in a comment above it.
 */
export function tableLatex(table: TableContent & { readonly id: string }, made: string): string {
  const { id, caption, columns, rows, notes = [] } = table;
  const parts = tableCells(table);
  const paired = columns.map((_, i) => parts.some((row) => row[i]?.interval !== undefined));
  const spec = columns.map((column, i) => (paired[i] ? 'r@{ }l' : columnAlign(column).charAt(0)));
  const head = columns.map(({ title }, i) =>
    paired[i] ? `\\multicolumn{2}{c}{${escapeLatex(title)}}` : escapeLatex(title),
  );
  const body = rows.map((row) =>
    columns.map((column, i) => {
      const { main, interval } = cellParts(row[i] ?? null, column);
      const number = isBest(row[i]) ? `\\textbf{${escapeLatex(main)}}` : escapeLatex(main);
      return paired[i] ? `${number} & ${escapeLatex(interval ?? '')}` : number;
    }),
  );
  const line = (cells: readonly string[]) => `    ${cells.join(' & ')} \\\\`;
  return `% ${comment(`${id}, ${made}`)}. Needs \\usepackage{booktabs}.
\\begin{table}[t]
  \\centering
  \\caption{${escapeLatex(caption)}}
  \\label{tbl:${id}}
  \\begin{tabular}{${spec.join('')}}
    \\toprule
${line(head)}
    \\midrule
${body.map(line).join('\n')}
    \\bottomrule
  \\end{tabular}
${notes.map((note) => `  \\par\\smallskip{\\footnotesize ${escapeLatex(note)}}\n`).join('')}\\end{table}
`;
}

/** What LaTeX would take for a command, a comment or maths, and signs that its usual fonts lack. */
const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  // Within brackets after a line's end they would be taken for an option.
  '[': '{[}',
  ']': '{]}',
  '−': '$-$',
  '×': '$\\times$',
  '≥': '$\\geq$',
  '≤': '$\\leq$',
  '≈': '$\\approx$',
  '±': '$\\pm$',
  '→': '$\\rightarrow$',
  '\u00a0': '~',
};

/** Text that LaTeX prints as it stands. @internal */
export function escapeLatex(text: string): string {
  return comment(text).replace(/[\\{}$&#_%^~<>|"[\]−×≥≤≈±→\u00a0]/g, (sign) => LATEX[sign] ?? sign);
}

/** On one line, without control characters. */
const comment = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
