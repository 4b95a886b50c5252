import { basename, extname } from 'node:path';
import type { LabelledRow } from '../../audit/rows.js';
import { type Columns, findColumns, type GivenColumns, type Role } from '../../datasets/formats/columns.js';
import { readTable, type Table, type TableOptions } from '../../datasets/formats/table.js';
import { normaliseSpace, readBytes } from '../../datasets/text.js';
import { UserError } from '../../project/error.js';

/** The texts of a file's rows: the claim, or first text of a pair, and the evidence, or second. */
export const FILE_FIELDS = ['claim', 'evidence'] as const;
/** The keys of a file's rows, and the columns they are from. */
export const FILE_KEYS = [
  ['claim', 'claimId'],
  ['evidence', 'document'],
] as const;

/** The rows of a file, and which columns they are from. */
export interface FileRows {
  readonly file: string;
  readonly columns: Columns;
  /**
   * Named `STEM:ID`, of the file's name and the id column or, without one, the line. Evidence is empty where the row, or
   * the whole file, has none. Keys are the claim's id and the document, where the file says so.
   */
  readonly rows: readonly LabelledRow[];
  /** What a reader should know of how the file was read, such as an id column that was not used. */
  readonly notes: readonly string[];
}

export interface FileOptions extends TableOptions {
  /** The column of each role; those not named are found by name. */
  readonly columns?: GivenColumns;
}

/** More labels than this and the column holds no labels but scores, ids or texts. */
const MOST_LABELS = 50;

/**
 * Reads labelled rows of one or two texts from CSV, TSV, JSON Lines or JSON.
 *
 * @throws UserError as `readTable` and `findColumns`, and for an empty claim or label, an id given twice in a column
 *   that was asked for, and a label column with more than 50 different values.
 */
export function readFileRows(path: string, options: FileOptions = {}): FileRows {
  const table = readTable(readBytes(path), path, options);
  const columns = findColumns(table, options.columns);
  const notes: string[] = [];
  const position = (role: Role) => {
    const name = columns[role];
    return name === undefined ? -1 : table.columns.indexOf(name);
  };
  const at = { claim: position('claim'), evidence: position('evidence'), label: position('label') };
  const ids = rowIds(table, columns, typeof options.columns?.id === 'string', notes);
  const rows = table.rows.map(({ line, cells }, index): LabelledRow => {
    const flaw = (field: string, message: string, hint: string) =>
      new UserError(message, { at: { file: path, line, field }, hint });
    const claim = normaliseSpace(cells[at.claim] ?? '');
    const evidence = normaliseSpace(cells[at.evidence] ?? '');
    const label = normaliseSpace(cells[at.label] ?? '');
    if (label === '')
      throw flaw(columns.label, 'empty', 'Every row needs a label. Remove the row, or give it one.');
    if (claim === '' && columns.evidence === undefined) {
      throw flaw(columns.claim, 'empty', 'A row without any text cannot be audited. Remove it.');
    }
    const keyOf = (role: Role) => {
      const key = cells[position(role)]?.trim();
      return key ? [key] : [];
    };
    return {
      id: ids[index] ?? '',
      gold: label,
      keys: Object.fromEntries(FILE_KEYS.map(([key, role]) => [key, keyOf(role)])),
      texts: { claim, evidence },
    };
  });
  checkLabels(rows, table, columns.label);
  notes.push(...doubtfulLabels(rows, table, columns.label));
  return { file: path, columns, rows, notes };
}

/** Ids of a column that repeats them are not used, unless the user asked for it. */
function rowIds(table: Table, columns: Columns, asked: boolean, notes: string[]): readonly string[] {
  const stem = basename(table.file, extname(table.file));
  const byLine = table.rows.map(({ line }) => `${stem}:${line}`);
  if (columns.id === undefined) return byLine;
  const at = table.columns.indexOf(columns.id);
  const seen = new Set<string>();
  for (const { line, cells } of table.rows) {
    const id = cells[at]?.trim() ?? '';
    if (id !== '' && !seen.has(id)) {
      seen.add(id);
      continue;
    }
    const flaw = id === '' ? 'empty' : `the id "${id}" is given twice`;
    if (asked) {
      throw new UserError(flaw, {
        at: { file: table.file, line, field: columns.id },
        hint: 'Without --id, rows are named by their line.',
      });
    }
    notes.push(
      `${table.file}: rows are named by their line; in the column "${columns.id}", line ${line}, ${flaw}`,
    );
    return byLine;
  }
  return table.rows.map(({ cells }) => `${stem}:${cells[at]?.trim()}`);
}

/** What stands in files where a label is missing. */
const NO_LABEL = /^(?:-|-1|nan|null|none|n\/?a|<na>|\?)$/i;

/** Labels that differ in case or hyphens alone, and those that may stand for none: each is a class of its own to the audit. */
function doubtfulLabels(rows: readonly LabelledRow[], { file }: Table, column: string): readonly string[] {
  const counts = new Map<string, number>();
  for (const { gold } of rows) counts.set(gold, (counts.get(gold) ?? 0) + 1);
  const shown = (labels: readonly string[]) =>
    labels.map((label) => `"${label}" (${counts.get(label)?.toLocaleString('en')})`).join(', ');
  const bare = (label: string) => label.toLowerCase().replace(/(?<=\p{L})[\s_-]+(?=\p{L})/gu, '');
  const labels = [...counts.keys()];
  return [
    ...[...new Set(labels.map(bare))]
      .map((form) => labels.filter((label) => bare(label) === form))
      .filter((alike) => alike.length > 1)
      .map((alike) => `${shown(alike)} are taken as ${alike.length} labels, though they are alike`),
    ...labels
      .filter((label) => NO_LABEL.test(label))
      .map((label) => `${shown([label])} is taken as a label; if it stands for none, remove its rows`),
  ].map((note) => `${file}: ${column}: ${note}`);
}

function checkLabels(rows: readonly LabelledRow[], table: Table, column: string): void {
  const labels = new Set(rows.map(({ gold }) => gold));
  if (labels.size > MOST_LABELS) {
    throw new UserError(`${labels.size} different values in ${rows.length} rows`, {
      at: { file: table.file, field: column },
      hint: `At most ${MOST_LABELS} labels can be audited. Name another column with --label. The file has: ${table.columns.join(', ')}.`,
    });
  }
}
