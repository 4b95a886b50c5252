import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { canonicalJson, type Sha256, sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { isObject, type JsonObject } from '../project/json.js';
import { isHeader, type RecordHeader } from './header.js';
import { type Identified, isRow } from './row.js';
import { rowCheck } from './row-check.js';

/** What to do about a record that is not what was made. */
export const RESTORE = 'Restore the file from git, or remove it to compute it again.';

/** Of the bytes of most records all, which is a quarter faster than by zlib's 16 KiB. */
const UNZIPPED_AT_A_TIME = 2 ** 18;
/** The longest text that JavaScript holds is little longer. */
const MOST_BYTES = 2 ** 29 - 2 ** 10;

/** The header of a sealed record. @throws UserError if the file is damaged. */
export function headerOf(path: string): RecordHeader {
  const [first = ''] = unzip(path, readFileSync(path)).toString('utf8').split('\n', 1);
  return parseLine(path, first, 1, isHeader);
}

/**
 * The bytes of a record's file.
 *
 * @param unfinished what the rows were gathered in, for errors.
 * @throws UserError where what was computed can be no row of such a record.
 */
export function encode(unfinished: string, header: RecordHeader, rows: readonly Identified[]): Uint8Array {
  if (new Set(rows.map(({ id }) => id)).size < rows.length)
    throw new Error(`${unfinished}: two rows share an id`);
  const lines = rows.map((row) => JSON.stringify(row));
  const check = rowCheck(header);
  for (const line of lines) {
    const row: unknown = JSON.parse(line);
    const flaw = isObject(row) ? check(row) : { field: 'id', what: 'no row' };
    if (!flaw) continue;
    throw new UserError(`what was computed is ${flaw.what}, in ${line.slice(0, 80)}`, {
      at: { file: unfinished, field: flaw.field },
      hint: 'Remove the file to compute it again; should it come out so again, the model is at fault.',
    });
  }
  return gzipSync(`${[canonicalJson(header), ...lines].join('\n')}\n`, { level: 9 });
}

/**
 * The rows of a record's file, and the hash of its uncompressed bytes.
 *
 * @param unsealed whether it must be seen that no id is there twice: of a sealed record that was seen when it was sealed,
 *   and takes a sixth of the time of reading.
 * @throws UserError naming the line, and where one is at fault the field.
 */
export function decode<Row extends Identified>(
  path: string,
  compressed: Uint8Array,
  header: RecordHeader,
  unsealed: boolean,
): { readonly header: RecordHeader; readonly rows: readonly Row[]; readonly sha256: Sha256 } {
  const bytes = unzip(path, compressed);
  const [first, ...lines] = bytes.toString('utf8').split('\n').slice(0, -1);
  if (first !== canonicalJson(header)) {
    throw new UserError('the record’s header is not the one its name stands for', {
      at: { file: path, line: 1 },
      hint: RESTORE,
    });
  }
  const seen = new Set<string>();
  const check = rowCheck(header);
  const rows = lines.map((line, index) => {
    const row = parseLine(path, line, index + 2, isRow<Row & JsonObject>);
    const flaw = check(row);
    if (flaw) throw damage(flaw.what, path, index + 2, flaw.field);
    if (unsealed) {
      if (seen.has(row.id)) throw damage(`the id "${row.id}" is there twice`, path, index + 2, 'id');
      seen.add(row.id);
    }
    return row;
  });
  return { header, rows, sha256: sha256(bytes) };
}

function unzip(path: string, compressed: Uint8Array): Buffer {
  try {
    return gunzipSync(compressed, { chunkSize: UNZIPPED_AT_A_TIME, maxOutputLength: MOST_BYTES });
  } catch (cause) {
    throw damage('it cannot be decompressed', path, undefined, undefined, cause);
  }
}

function parseLine<T>(path: string, line: string, number: number, is: (value: unknown) => value is T): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw damage('not JSON', path, number, undefined, cause);
  }
  if (is(value)) return value;
  throw damage(number === 1 ? 'not a header' : 'not a row with an id', path, number);
}

/** What is wrong with a record, and where. */
export function damage(
  what: string,
  file: string,
  line?: number,
  field?: string,
  cause?: unknown,
): UserError {
  return new UserError(`the record is damaged: ${what}`, {
    at: { file, ...(line !== undefined && { line }), ...(field !== undefined && { field }) },
    hint: RESTORE,
    cause,
  });
}
