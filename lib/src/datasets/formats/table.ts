import { extname } from 'node:path';
import { UserError } from '../../project/error.js';
import type { Table } from './cells.js';
import { type DelimitedOptions, delimited } from './delimited.js';
import { objects, writtenAs } from './objects.js';
import { plainName, unpacked } from './packing.js';

export type { Table } from './cells.js';

/** How the rows of a file are written. JSON is a list of objects, or an object of objects by id. */
export const TABLE_FORMATS = ['csv', 'tsv', 'jsonl', 'json'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

export interface TableOptions extends DelimitedOptions {
  /** Default: by the file's ending. */
  readonly format?: TableFormat | undefined;
}

/**
 * Reads a table as its owner has it: a byte order mark, CR LF, blank lines and what spreadsheets pad a table with are no
 * flaw here, and what gzip has packed is unpacked. A cell of JSON that is a list holds its items, a space between; null and
 * what is missing are empty.
 *
 * @throws UserError naming file, line and column of what is wrong: no text (a workbook, Parquet, ...), not UTF-8, a row with more or fewer cells than there
 *   are columns, not CSV or JSON, no rows.
 */
export function readTable(bytes: Uint8Array, file: string, options: TableOptions = {}): Table {
  const text = decode(unpacked(bytes, file), file);
  const told = options.format ?? formatOf(file);
  const seen = told === undefined && options.guess ? formatIn(text) : undefined;
  const format = told ?? seen;
  if (format === undefined)
    throw new UserError('its ending does not tell how it is written', {
      at: { file },
      hint: `Say so with --format: ${TABLE_FORMATS.join(', ')} (in data/datasets.yaml under table.format).`,
    });
  const table =
    format === 'csv' || format === 'tsv'
      ? delimited(text, file, format, options)
      : objects(text, file, format, options.guess && options.format === undefined);
  if (table.rows.length === 0) throw new UserError('no rows', { at: { file } });
  return seen === undefined
    ? table
    : { ...table, notes: [`${file}: read as ${seen}, as it is written`, ...table.notes] };
}

/** How a file is written by its ending; undefined where it may be written in any way. */
function formatOf(file: string): TableFormat | undefined {
  const ending = extname(plainName(file)).slice(1).toLowerCase();
  const format = { ndjson: 'jsonl', tab: 'tsv' }[ending] ?? ending;
  return TABLE_FORMATS.find((name) => name === format);
}

/** How a text is written that begins as a table does; undefined where nothing parts its cells. */
function formatIn(text: string): TableFormat | undefined {
  if (/^\s*[[{]/.test(text)) return writtenAs(text, 'json');
  const [first = ''] = text.split(/\r?\n|\r/, 1);
  if (first.includes('\t')) return 'tsv';
  return /[,;|]/.test(first) ? 'csv' : undefined;
}

function decode(bytes: Uint8Array, file: string): string {
  const hint = 'Convert it first, for example: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW';
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new UserError('UTF-16, not UTF-8', {
      at: { file, line: 1 },
      hint: hint.replace('WINDOWS-1252', 'UTF-16'),
    });
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0)
    throw new UserError('a NUL character, which no text has', {
      at: { file, line: bytes.subarray(0, nul).filter((byte) => byte === 0x0a).length + 1 },
      hint: `It may be UTF-16, or no text at all. ${hint.replace('WINDOWS-1252', 'UTF-16LE')}`,
    });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UserError('not UTF-8', { at: { file, line: firstBadLine(bytes) }, hint, cause });
  }
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(
        bytes.subarray(start, end === -1 ? bytes.length : end),
      );
    } catch {
      return line;
    }
    start = end === -1 ? bytes.length : end + 1;
  }
  return line;
}
