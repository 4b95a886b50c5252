import { tableCsv } from '../reporting/csv.js';
import { tableLatex } from '../reporting/latex.js';
import type { Cell, TableContent } from '../reporting/table.js';
import { plainText, type TableBlock, type TableCell } from './document.js';
import type { FoundTable } from './published.js';

/** Files by their names. */
export type Files = Readonly<Record<string, string>>;

/** A published table in the formats that others take it in, by file name. */
export function tableFiles({ content, notebook, cell }: FoundTable): Files {
  const made = `made by notebook ${notebook}${cell === undefined ? '' : `, cell ${cell}`}`;
  return filesOf(content.id, content, tableLatex(content, made));
}

/** The same of a table of the paper: a published one, or one written there, whose words are as they stand. */
export function blockFiles(block: TableBlock): Files {
  if (block.found) return tableFiles(block.found);
  const id = block.anchor.replace(/^tbl-/, '');
  const words = writtenTable(block, ({ content }) => plainText(content));
  return filesOf(
    id,
    writtenTable(block, valueOrWords),
    tableLatex({ ...words, id }, 'written in paper/paper.md'),
  );
}

const filesOf = (id: string, content: TableContent, latex: string): Files => ({
  [`${id}.csv`]: tableCsv(content),
  [`${id}.tex`]: latex,
});

/** A table written in the paper as one that a notebook could have published, columns named by their titles. */
function writtenTable({ caption, columns, rows }: TableBlock, read: (cell: TableCell) => Cell): TableContent {
  return {
    caption: plainText(caption),
    columns: columns.map(({ title, align }) => ({ id: plainText(title), title: plainText(title), align })),
    rows: rows.map((cells) => columns.map((_, i) => read(cells[i] ?? { content: [] }))),
  };
}

/** A cell that holds a published value and nothing else is that number, at full precision. */
function valueOrWords({ content }: TableCell): Cell {
  const [only, ...others] = content;
  return only?.kind === 'value' && others.length === 0 ? only.number : plainText(content);
}
