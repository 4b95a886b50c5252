import { existsSync, readFileSync, statSync } from 'node:fs';
import { UserError } from '../project/error.js';
import { assertFile } from '../project/input-file.js';

/** The bytes of a file that a user has named. @throws UserError where it cannot be read. */
export function readBytes(path: string): Uint8Array {
  if (existsSync(path) && !statSync(path).isDirectory()) assertFile(path);
  try {
    return readFileSync(path);
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const hint = missing ? 'There is no such file.' : String(cause);
    throw new UserError('cannot be read', { at: { file: path }, hint, cause });
  }
}

/** Whitespace of every kind, also line ends within a sentence, as one space; none at either end. */
export function normaliseSpace(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/**
 * The text of a release's file: UTF-8 without a byte order mark, its lines ending in LF alone. The releases are so;
 * a file that is not has been through an editor, and what else that changed is unknown.
 *
 * @param fieldAt the field that the end of a piece of line is in, for errors.
 * @throws UserError naming file, line and field.
 */
export function decodeText(bytes: Uint8Array, file: string, fieldAt: (lineSoFar: string) => string): string {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const hint =
    'Fetch the release as its publisher ships it: `make data`. A file of your own: save it as UTF-8 with LF line ends.';
  let text: string;
  try {
    text = strict.decode(bytes);
  } catch (cause) {
    const { line, before } = firstFlaw(bytes);
    throw new UserError('not valid UTF-8', { at: { file, line, field: fieldAt(before) }, hint, cause });
  }
  if (text.startsWith('\ufeff')) {
    const field = fieldAt(text.slice(1, 1 + text.slice(1).search(/[,}\n]|$/)));
    throw new UserError('begins with a byte order mark', { at: { file, line: 1, field }, hint });
  }
  const [firstLine = ''] = text.split('\n', 1);
  if (firstLine.endsWith('\r')) {
    throw new UserError('lines end in CR LF', { at: { file, line: 1, field: fieldAt(firstLine) }, hint });
  }
  return text;
}

/** The line of the first byte that is not UTF-8, and what of it can be read before that byte. */
function firstFlaw(bytes: Uint8Array): { line: number; before: string } {
  const loose = new TextDecoder('utf-8', { ignoreBOM: true });
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    const piece = bytes.subarray(start, end === -1 ? bytes.length : end);
    try {
      strict.decode(piece);
    } catch {
      const [before = ''] = loose.decode(piece).split('\ufffd', 1);
      return { line, before };
    }
    start = end === -1 ? bytes.length : end + 1;
  }
  throw new Error('every line is UTF-8 although the whole is not');
}
