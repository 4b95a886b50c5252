import { tableCsv } from '../reporting/csv.js';
import { tableLatex } from '../reporting/latex.js';
import type { FoundTable } from './published.js';

/** A table in the formats that others take it in, by file name. */
export function tableFiles({ content, notebook, cell }: FoundTable): Readonly<Record<string, string>> {
  const made = `made by notebook ${notebook}${cell === undefined ? '' : `, cell ${cell}`}`;
  return {
    [`${content.id}.csv`]: tableCsv(content),
    [`${content.id}.tex`]: tableLatex(content, made),
  };
}
