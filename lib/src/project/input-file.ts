import { readFileSync, type Stats, statSync } from 'node:fs';
import { UserError } from './error.js';

/**
 * Sees, without opening it, that `path` is a file: to open a pipe waits for somebody who writes into it, and a device may
 * have no end.
 *
 * @param named what errors call it.
 * @throws UserError where it is none, or is not there.
 */
export function assertFile(path: string, named: string = path): Stats {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) return found;
  throw new UserError(found ? `not a file but ${kindOf(found)}` : 'no such file', { at: { file: named } });
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

/** Bytes of a text that a person writes, or a program for one to read: far above any of them. */
const MOST_TEXT_BYTES = 2 ** 26;

/**
 * A file of text: UTF-8, without a NUL.
 *
 * @param named what errors call it.
 * @throws UserError naming the file where it is none, is not there, or is larger than 64 MiB.
 */
export function readText(path: string, named: string = path): string {
  const { size } = assertFile(path, named);
  if (size > MOST_TEXT_BYTES) {
    throw new UserError(`larger than ${MOST_TEXT_BYTES / 2 ** 20} MiB, and no text of this kind`, {
      at: { file: named },
    });
  }
  const bytes = readFileSync(path);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UserError('cannot be read as UTF-8 text', {
      at: { file: named },
      hint: 'Save it as UTF-8.',
      cause,
    });
  }
  const nul = text.indexOf('\0');
  if (nul < 0) return text;
  const line = text.slice(0, nul).split('\n').length;
  throw new UserError('holds a NUL, which no text does', { at: { file: named, line } });
}
