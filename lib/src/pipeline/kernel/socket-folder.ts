import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../project/error.js';

/** The longest name of a Unix socket, in bytes: of `sun_path` in Linux and macOS, without its ending zero. */
const MOST_SOCKET_BYTES = process.platform === 'darwin' ? 103 : 107;

/**
 * A private folder for Unix sockets: with them there is no port to collide on, and no other user can connect.
 *
 * @throws UserError where every folder for temporary files has too long a name, or is not there, or not writable.
 */
export function socketFolder(): string {
  const failures: string[] = [];
  for (const folder of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
    const stem = join(folder, 'small-claims-');
    const bytes = Buffer.byteLength(`${stem}XXXXXX/kernel:5`);
    if (bytes > MOST_SOCKET_BYTES) {
      failures.push(
        `${folder}: a socket there has a name of ${bytes} bytes, and ${MOST_SOCKET_BYTES} are the most`,
      );
      continue;
    }
    try {
      return mkdtempSync(stem);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new UserError('there is no folder for the sockets by which a notebook is run', {
    hint: ['Set TMPDIR to a folder with a short name that can be written. Tried:', ...failures].join('\n  '),
  });
}
