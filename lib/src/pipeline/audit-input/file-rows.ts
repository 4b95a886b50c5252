import { basename, extname } from 'node:path';
import type { LabelledRow } from '../../audit/rows.js';
import { type Cell, cellsAt, exact, jsonList, proseOf, type Table } from '../../datasets/formats/cells.js';
import { isUnparted, wordyColumns } from '../../datasets/formats/column-content.js';
import {
  type Columns,
  findColumns,
  type GivenColumns,
  ROLE_OPTIONS,
  type Role,
} from '../../datasets/formats/columns.js';
import { plainName } from '../../datasets/formats/packing.js';
import { readTable, type TableOptions } from '../../datasets/formats/table.js';
import { labelParts } from '../../datasets/gold.js';
import { areLabelSets, doubtfulLabels, shortened } from '../../datasets/label-forms.js';
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
  /** Whether its first line names its columns. */
  readonly header: boolean;
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
  /** Of test rows: columns that are not asked for but called as those of the training rows. */
  readonly alike?: Alike;
}

interface Alike {
  /** The file of the training rows. */
  readonly file: string;
  readonly roles: readonly Role[];
  readonly labels: ReadonlySet<string>;
}

/** More labels than this, and fewer than ten rows of each, and the column holds no labels but scores, ids or texts. */
const MANY_LABELS = 50;
/** The most labels that are audited. */
const MOST_LABELS = 200;

/**
 * Reads labelled rows of one or two texts from CSV, TSV, JSON Lines or JSON.
 *
 * @throws UserError as `readTable` and `findColumns`, and for an empty claim or label, an id given twice in a column
 *   that was asked for, labels that are lists, texts that are objects, numbers or ids, and a label column with more than 50
 *   different values, or 200 of ten rows each.
 */
export function readFileRows(path: string, options: FileOptions = {}): FileRows {
  const table = readTable(readBytes(path), path, { guess: true, ...options });
  if (options.alike) refuseOtherNames(table, options.alike, options.columns);
  const { columns, notes: guesses } = findColumns(table, options.columns);
  const notes = [...table.notes, ...guesses];
  const cellOf = (role: Role) => {
    const name = columns[role];
    return (name === undefined ? undefined : cellsAt(table, name)) ?? (() => ({ text: '', value: null }));
  };
  const of = {
    ...{ claim: cellOf('claim'), evidence: cellOf('evidence'), label: cellOf('label') },
    ...{ claimId: cellOf('claimId'), document: cellOf('document') },
  };
  const ids = rowIds(table, columns, cellOf('id'), typeof options.columns?.id === 'string', notes);
  const sets = labelSets(table.rows.map((row) => of.label(row)));
  const rows = table.rows.map((row, index): LabelledRow => {
    const { line } = row;
    const flaw = (field: string, message: string, hint: string) =>
      new UserError(message, { at: { file: path, line, field }, hint });
    const place = (role: Role) => ({ file: path, line, field: columns[role] ?? '' });
    const text = (role: (typeof FILE_FIELDS)[number]) => normaliseSpace(proseOf(of[role](row), place(role)));
    const [claim, evidence] = [text('claim'), text('evidence')];
    const cell = exact(of.label(row), place('label'));
    const list = Array.isArray(cell.value) ? cell.value : jsonList(cell.text);
    if (list?.some((item) => typeof item === 'object' && item !== null))
      throw flaw(columns.label, 'a list of objects, such as spans', SPANS_SHARE);
    if (list) throw flaw(columns.label, `a list of ${list.length} labels`, SETS_AS_DATA);
    const label = normaliseSpace(cell.text);
    if (label === '')
      throw sets.length > 0
        ? flaw(columns.label, `empty, in a column of sets of labels such as "${sets[0]}"`, SETS_AS_DATA)
        : flaw(columns.label, 'empty', 'Every row needs a label. Remove the row, or give it one.');
    if (claim === '' && columns.evidence === undefined)
      throw flaw(columns.claim, 'empty', 'A row without any text cannot be audited. Remove it.');
    const keyOf = (role: 'claimId' | 'document') => {
      const key = exact(of[role](row), place(role)).text.trim();
      return key ? [key] : [];
    };
    return {
      id: ids[index] ?? '',
      gold: label,
      keys: Object.fromEntries(FILE_KEYS.map(([key, role]) => [key, keyOf(role)])),
      texts: { claim, evidence },
    };
  });
  for (const role of FILE_FIELDS) {
    const odd = noProse(rows.map(({ texts }) => texts[role] ?? ''));
    const field = columns[role];
    if (odd === undefined || field === undefined) continue;
    if (typeof options.columns?.[role] !== 'string')
      throw new UserError(`${odd}, it seems, and no texts`, {
        at: { file: path, field },
        hint: `Name the column of the texts with --${ROLE_OPTIONS[role]} COLUMN; this one, if it is as meant. The file has: ${table.columns.join(', ')}.`,
      });
    notes.push(`${path}: ${field}: ${odd}, it seems, taken as texts`);
  }
  if (table.rows.some((row) => FILE_FIELDS.some((role) => Array.isArray(of[role](row).value))))
    notes.push(`${path}: texts that are lists are joined, a space between their items`);
  notes.push(...unread(table, columns));
  if (isUnparted(rows.flatMap(({ texts }) => Object.values(texts))))
    notes.push(
      `${path}: its texts part no words; what an audit measures of words is of runs of letters between marks, and sees little. Part the words first, or read the other measures alone`,
    );
  const counts = new Map<string, number>();
  for (const { gold } of rows) counts.set(gold, (counts.get(gold) ?? 0) + 1);
  checkLabels(counts, rows.length, table, columns.label);
  notes.push(...doubtfulLabels(counts).map((note) => `${path}: ${columns.label}: ${note}`));
  if (sets.length > 0)
    notes.push(
      `${path}: ${columns.label}: cells such as "${sets[0]}" look like sets of labels, and each is taken as one label. ${SETS_AS_DATA}`,
    );
  const header = options.header !== false && table.headless !== true;
  return { file: path, columns, header, rows, notes };
}

const SETS_AS_DATA =
  'A row has one label here. Sets of labels are audited as a data set (npx small-claims new dataset), one of them with --target.';
const SPANS_SHARE =
  'Spans hold no label that a shortcut could tell. As a data set (npx small-claims new dataset), npx small-claims rows DATASET counts what its parts share.';

/** Cells that hold several labels, shortened, where the column holds sets of them. */
function labelSets(cells: readonly Cell[]): readonly string[] {
  const texts = cells.map(({ text }) => normaliseSpace(text)).filter(Boolean);
  const parts = texts.map((text) =>
    text.startsWith('[') ? (jsonList(text) ?? [text]).map(String) : labelParts(text, []).map(String),
  );
  const trimmed = parts.map((set) => set.map((part) => part.trim()));
  if (!areLabelSets(texts, trimmed)) return [];
  return texts.filter((_, at) => (trimmed[at]?.length ?? 0) > 1).map(shortened);
}

/** @throws UserError for a column that test rows have under another name, with the one whose cells are labels of the training rows. */
function refuseOtherNames(table: Table, { file, roles, labels }: Alike, columns: GivenColumns = {}): void {
  for (const role of roles) {
    const name = columns[role];
    if (typeof name !== 'string' || cellsAt(table, name)) continue;
    const likely =
      role === 'label' &&
      table.columns.find((_, at) =>
        table.rows.every(({ cells }) => labels.has(normaliseSpace(cells[at] ?? ''))),
      );
    const option = `--test-${ROLE_OPTIONS[role]}`;
    throw new UserError(`no column is called "${name}", as that of ${file} is`, {
      at: { file: table.file, field: ROLE_OPTIONS[role] },
      hint: `${
        likely
          ? `"${likely}" holds the same labels: say ${option} ${JSON.stringify(likely)}.`
          : `Say which it is: ${option} COLUMN.`
      } The file has: ${table.columns.join(', ')}.`,
    });
  }
}

/** What the cells of a column are where they are no texts: all of them without a letter, or one word with a digit each. */
function noProse(texts: readonly string[]): 'numbers' | 'ids' | undefined {
  const told = texts.filter(Boolean);
  if (told.length < 2) return undefined;
  if (told.every((text) => text.length < 40 && !/\p{L}/u.test(text) && /\d/.test(text))) return 'numbers';
  const isId = (text: string) => text.length < 40 && /^\S*\d\S*$/.test(text);
  return told.every(isId) && !isUnparted(told) ? 'ids' : undefined;
}

/** Columns that hold texts and are none of those that are read. */
function unread(table: Table, columns: Columns): readonly string[] {
  const read = Object.values(columns).map((name) => name.split('.', 1)[0]);
  const wordy = wordyColumns(table).filter((name) => !read.includes(name));
  if (wordy.length === 0) return [];
  const named = wordy.slice(0, 8).map((name) => `"${shortened(name)}"`);
  const which = columns.evidence === undefined ? '; if one is the evidence, say --evidence COLUMN' : '';
  return [`${table.file}: not audited, though they hold texts: ${named.join(', ')}${which}`];
}

/** Ids of a column that repeats them are not used, unless the user asked for it. */
function rowIds(
  table: Table,
  columns: Columns,
  cellOf: (row: Table['rows'][number]) => Cell,
  asked: boolean,
  notes: string[],
): readonly string[] {
  const name = plainName(table.file);
  const stem = basename(name, extname(name));
  const byLine = table.rows.map(({ line }) => `${stem}:${line}`);
  const field = columns.id;
  if (field === undefined) return byLine;
  const seen = new Set<string>();
  for (const row of table.rows) {
    const at = { file: table.file, line: row.line, field };
    const id = exact(cellOf(row), at).text.trim();
    if (id !== '' && !seen.has(id)) {
      seen.add(id);
      continue;
    }
    const flaw = id === '' ? 'empty' : `the id "${shortened(id)}" is given twice`;
    if (asked) throw new UserError(flaw, { at, hint: 'Without --id, rows are named by their line.' });
    notes.push(
      `${table.file}: rows are named by their line; in the column "${field}", line ${row.line}, ${flaw}`,
    );
    return byLine;
  }
  return [...seen].map((id) => `${stem}:${id}`);
}

function checkLabels(counts: ReadonlyMap<string, number>, rows: number, table: Table, column: string): void {
  if (counts.size <= MANY_LABELS || (counts.size <= MOST_LABELS && rows >= 10 * counts.size)) return;
  throw new UserError(`${counts.size} different values in ${rows} rows`, {
    at: { file: table.file, field: column },
    hint: `At most ${MANY_LABELS} labels can be audited, or ${MOST_LABELS} of ten rows each. Name another column with --label. The file has: ${table.columns.join(', ')}.`,
  });
}
