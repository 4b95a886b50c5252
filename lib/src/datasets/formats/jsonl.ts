import type { z } from 'zod';
import { UserError } from '../../project/error.js';
import { fitted } from '../../project/schema.js';
import { decodeText } from '../text.js';
import { refuseRepeatedKeys } from './repeated-key.js';

/** A parsed line, with its number counted from 1. */
export interface JsonLine<Row> {
  readonly line: number;
  readonly row: Row;
}

/**
 * Reads JSON Lines strictly, each line checked against a schema.
 *
 * @throws UserError naming file, line and field: not UTF-8, a byte order mark, CR LF, a blank line or none
 *   at all, not JSON, a key given twice, or a value that does not fit.
 */
export function parseJsonLines<Schema extends z.ZodType>(
  bytes: Uint8Array,
  file: string,
  schema: Schema,
): readonly JsonLine<z.output<Schema>>[] {
  const lines = decodeText(bytes, file, lastKey).split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw new UserError('no lines', { at: { file, line: 1 } });
  return lines.map((text, index) => {
    const line = index + 1;
    if (text.endsWith('\r'))
      throw new UserError('ends in CR LF', { at: { file, line, field: lastKey(text) } });
    const value = parseLine(text, { file, line });
    refuseRepeatedKeys(text, file, line);
    const result = fitted(value, schema);
    if (result.success) return { line, row: result.data };
    const [flaw] = result.flaws;
    if (!flaw) throw result.error;
    const { field, message, hint } = flaw;
    throw new UserError(message, { at: { file, line, ...(field && { field }) }, ...(hint && { hint }) });
  });
}

function parseLine(text: string, at: { file: string; line: number }): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const flaw = text.trim() === '' ? 'a blank line' : `not JSON, the line may be cut short: ${reason}`;
    throw new UserError(flaw, { at: { ...at, ...(text.trim() !== '' && { field: lastKey(text) }) }, cause });
  }
}

/** The key last opened in a piece of a line. */
function lastKey(lineSoFar: string): string {
  return [...lineSoFar.matchAll(/"([^"\\]*)"\s*:/g)].at(-1)?.[1] ?? 'the object';
}
