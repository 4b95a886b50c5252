import { type Stats, statSync } from 'node:fs';
import { UserError } from './error.js';

/**
 * Sees, without opening it, that `path` is a file: to open a pipe waits for somebody who writes into it, and a device may
 * have no end.
 *
 * @throws UserError where it is none, or is not there.
 */
export function assertFile(path: string): Stats {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) return found;
  throw new UserError(found ? `not a file but ${kindOf(found)}` : 'no such file', { at: { file: path } });
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
