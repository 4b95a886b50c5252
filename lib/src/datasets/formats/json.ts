import type { z } from 'zod';
import { UserError } from '../../project/error.js';
import { fitted } from '../../project/schema.js';
import { decodeText } from '../text.js';
import { refuseRepeatedKeys } from './repeated-key.js';

/**
 * Reads one JSON value strictly, checked against a schema.
 *
 * @throws UserError naming file and field: not UTF-8, a byte order mark, CR LF, not JSON, a key given twice, or a value that
 *   does not fit.
 */
export function parseJson<Schema extends z.ZodType>(
  bytes: Uint8Array,
  file: string,
  schema: Schema,
): z.output<Schema> {
  const text = decodeText(bytes, file, () => 'the value');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`not JSON, the file may be cut short: ${reason}`, { at: { file }, cause });
  }
  refuseRepeatedKeys(text, file);
  const result = fitted(value, schema);
  if (result.success) return result.data;
  const [flaw] = result.flaws;
  if (!flaw) throw result.error;
  throw new UserError(flaw.message, { at: { file, ...(flaw.field && { field: flaw.field }) } });
}
