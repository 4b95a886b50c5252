import { CsvError, parse } from 'csv-parse/sync';
import { sha256 } from '../../project/digest.js';
import { UserError } from '../../project/error.js';
import type { Reader } from '../reader.js';
import type { ReleaseBytes } from '../release.js';
import { decodeText, normaliseSpace } from '../text.js';

/** A row of HealthVer: a claim and a piece of evidence, judged together. */
interface HealthverRow {
  /** As released; unique within the release. */
  readonly id: string;
  readonly claim: string;
  readonly evidence: string;
  readonly label: string;
}

const LABEL_OF: ReadonlyMap<string, string> = new Map([
  ['Supports', 'SUPPORT'],
  ['Refutes', 'CONTRADICT'],
  ['Neutral', 'NEI'],
]);

const COLUMNS = ['id', 'evidence', 'claim', 'label'] as const;
type Column = (typeof COLUMNS)[number];

/** HealthVer (Sarrouti et al. 2021) as shipped. It has no ids for claims and documents: the hash of a text stands for it. */
export const read: Reader = ({ split, files }) =>
  files.flatMap(parseHealthver).map(({ id, claim, evidence, label }) => ({
    id: `healthver:${split}:${id}`,
    gold: label,
    keys: { claim: [textId(claim)], evidence: [textId(evidence)] },
    details: { rationale: [] },
    texts: { claim, evidence },
  }));

const textId = (text: string) => sha256(text).slice(0, 16);

/**
 * Parses a HealthVer CSV; columns other than id, evidence, claim and label are left aside.
 *
 * @throws UserError naming file, line (where the row begins) and field of what is wrong: not UTF-8, a byte order mark,
 *   CR LF, a missing column, a row with more or fewer cells, an unknown label, an id given twice, an empty cell, no rows.
 * @internal
 */
export function parseHealthver({ path: file, bytes }: ReleaseBytes): readonly HealthverRow[] {
  const header = new TextDecoder()
    .decode(bytes.subarray(0, bytes.indexOf(0x0a)))
    .replace(/^\ufeff|\r$/g, '')
    .split(',');
  const text = decodeText(bytes, file, (lineSoFar) => header[commasOutsideQuotes(lineSoFar)] ?? '');
  const position = columnPositions(header, file);
  const [, ...records] = parseCsv(text, header, file);
  if (records.length === 0) throw new UserError('no rows', { at: { file, line: 1, field: header[0] ?? '' } });
  const ids = new Set<string>();
  return records.map(({ cells, line }) => {
    const flaw = (field: string, message: string) => new UserError(message, { at: { file, line, field } });
    if (cells.length !== header.length) {
      const field = header[Math.min(cells.length, header.length - 1)] ?? '';
      throw flaw(field, `${cells.length} cells in a row under ${header.length} columns`);
    }
    if (cells.at(-1)?.endsWith('\r')) throw flaw(header.at(-1) ?? '', 'ends in CR LF');
    const cell = (column: Column) => {
      const value = normaliseSpace(cells[position[column]] ?? '');
      if (value === '') throw flaw(column, 'empty');
      return value;
    };
    const id = cell('id');
    if (ids.has(id)) throw flaw('id', `row ${id} is given twice`);
    ids.add(id);
    const given = cell('label');
    const label = LABEL_OF.get(given);
    if (!label) throw flaw('label', `unknown label "${given}"; known are ${[...LABEL_OF.keys()].join(', ')}`);
    return { id, claim: cell('claim'), evidence: cell('evidence'), label };
  });
}

function columnPositions(header: readonly string[], file: string): Readonly<Record<Column, number>> {
  const find = (column: Column) => {
    const at = header.indexOf(column);
    const place = { at: { file, line: 1, field: column } };
    if (at === -1) throw new UserError(`no such column; the file has ${header.join(', ')}`, place);
    if (header.lastIndexOf(column) !== at) throw new UserError('a column given twice', place);
    return at;
  };
  return { id: find('id'), evidence: find('evidence'), claim: find('claim'), label: find('label') };
}

/** The records with the line each begins on; a quoted cell may hold line ends. */
function parseCsv(
  text: string,
  header: readonly string[],
  file: string,
): { cells: string[]; line: number }[] {
  let line = 1;
  try {
    return parse(text, { record_delimiter: '\n', relax_column_count: true }).map((cells) => {
      const record = { cells, line };
      line += 1 + cells.reduce((ends, cell) => ends + cell.split('\n').length - 1, 0);
      return record;
    });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const field = header[Number(cause['column'])];
    throw new UserError(`not CSV: ${cause.message}`, {
      at: { file, line: Number(cause['lines']), ...(field !== undefined && { field }) },
      cause,
    });
  }
}

/** How many cells of a row end within its beginning. */
function commasOutsideQuotes(lineSoFar: string): number {
  return lineSoFar.replace(/"[^"]*("|$)/g, '').split(',').length - 1;
}
