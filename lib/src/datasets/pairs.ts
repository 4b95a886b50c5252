import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { type Columns, findColumns, type GivenColumns, type Role } from './formats/columns.js';
import { readTable, type Table, type TableOptions } from './formats/table.js';
import { normaliseSpace } from './text.js';

/**
 * A labelled pair of texts: what the audit reads of a dataset. Any set of two or more labels will do; the rows of the
 * study (`Example`) are pairs too.
 */
export interface PairRow {
  /** Unique within its part; of a file's row `STEM:ID`, of the file's name and the id column or, without one, the line. */
  readonly id: string;
  readonly label: string;
  /** The claim, or the first text of a pair. */
  readonly claim: string;
  /** The evidence, or the second text; empty where the row, or the whole file, has none. */
  readonly evidence: string;
  /** Rows of one claim share it, where the dataset says so; of a file's row else a hash of the claim's normalised text. */
  readonly claimId?: string;
  /** Documents that the evidence is from, where the dataset says so; else as for the claim, none where it is empty. */
  readonly documentIds?: readonly string[];
}

/** A row of a file, which always has the keys it is grouped by. */
export type Pair = Required<PairRow>;

/** The pairs of a file, and which columns they are from. */
export interface Pairs {
  readonly file: string;
  readonly columns: Columns;
  readonly rows: readonly Pair[];
  /** What a reader should know of how the file was read, such as an id column that was not used. */
  readonly notes: readonly string[];
}

export interface PairOptions extends TableOptions {
  /** The column of each role; those not named are found by name. */
  readonly columns?: GivenColumns;
}

/** More labels than this and the column holds no labels but scores, ids or texts. */
const MOST_LABELS = 50;

/**
 * Reads claim-evidence pairs from CSV, TSV, JSON Lines or JSON.
 *
 * @throws UserError as `readTable` and `findColumns`, and for an empty claim or label, an id given twice in a column
 *   that was asked for, and a label column with more than 50 different values.
 */
export function readPairs(path: string, options: PairOptions = {}): Pairs {
  const table = readTable(readBytes(path), path, options);
  const columns = findColumns(table, options.columns);
  const notes: string[] = [];
  const position = (role: Role) => {
    const name = columns[role];
    return name === undefined ? -1 : table.columns.indexOf(name);
  };
  const at = { claim: position('claim'), evidence: position('evidence'), label: position('label') };
  const ids = rowIds(table, columns, typeof options.columns?.id === 'string', notes);
  const [claimIdAt, documentAt] = [position('claimId'), position('document')];
  const rows = table.rows.map(({ line, cells }, index): Pair => {
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
    const claimId = cells[claimIdAt]?.trim() || textKey(claim);
    const document = cells[documentAt]?.trim() || textKey(evidence);
    return {
      id: ids[index] ?? '',
      label,
      claim,
      evidence,
      claimId,
      documentIds: document === '' ? [] : [document],
    };
  });
  checkLabels(rows, table, columns.label);
  return { file: path, columns, rows, notes };
}

/** The bytes of a file that a user has named. @throws UserError where it cannot be read. */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const hint = missing ? 'There is no such file.' : String(cause);
    throw new UserError('cannot be read', { at: { file: path }, hint, cause });
  }
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

function checkLabels(rows: readonly Pair[], table: Table, column: string): void {
  const labels = new Set(rows.map(({ label }) => label));
  if (labels.size > MOST_LABELS) {
    throw new UserError(`${labels.size} different values in ${rows.length} rows`, {
      at: { file: table.file, field: column },
      hint: `At most ${MOST_LABELS} labels can be audited. Name another column with --label. The file has: ${table.columns.join(', ')}.`,
    });
  }
}

/** The same for texts that differ in case, white space and compatibility forms alone; 48 bits of SHA-256. */
function textKey(text: string): string {
  const normal = normaliseSpace(text.normalize('NFKC').toLowerCase());
  return normal === '' ? '' : sha256(normal).slice(0, 12);
}
