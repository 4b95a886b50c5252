import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { UserError } from '../../project/error.js';

// The releases unpack to about 10 MB; far more than this is no release but a bomb.
const MAX_UNPACKED_MIB = 256;

/** An unpacked archive, held in memory: nothing is written, so no name or link in it can lead outside. */
export interface Archive {
  /** @throws UserError if the archive lacks the member, has it twice or not as a regular file. */
  member(name: string): Buffer;
}

/**
 * Unpacks a .tar.gz.
 *
 * @param file what to call the archive in errors; a member is then `file/member`.
 * @throws UserError if it is cut short, is no .tar.gz or unpacks to over 256 MiB.
 */
export async function openArchive(archive: Uint8Array, file: string): Promise<Archive> {
  const members = new Map<string, { type: string; content: Buffer }[]>();
  const entries = extract();
  entries.on('entry', (header, stream, next) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', next);
    stream.on('end', () => {
      const entry = { type: header.type ?? 'file', content: Buffer.concat(chunks) };
      members.set(header.name, [...(members.get(header.name) ?? []), entry]);
      next();
    });
  });
  try {
    await pipeline(
      Readable.from([archive]),
      createGunzip({ chunkSize: 2 ** 20 }),
      (chunks) => bounded(chunks, file),
      entries,
    );
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`cut short, or not a .tar.gz archive: ${reason}`, {
      at: { file },
      hint: 'Remove the file and fetch it again with `make data`.',
      cause,
    });
  }
  return {
    member(name) {
      const [only, ...more] = members.get(name) ?? [];
      const flaw = (message: string) => new UserError(message, { at: { file: `${file}/${name}` } });
      if (!only) throw flaw('not in the archive');
      if (more.length > 0) throw flaw('more than once in the archive');
      if (only.type !== 'file') throw flaw(`a ${only.type} in the archive, not a regular file`);
      return only.content;
    },
  };
}

async function* bounded(chunks: AsyncIterable<Buffer>, file: string) {
  let unpacked = 0;
  for await (const chunk of chunks) {
    unpacked += chunk.length;
    if (unpacked > MAX_UNPACKED_MIB * 2 ** 20) {
      throw new UserError(`unpacks to over ${MAX_UNPACKED_MIB} MiB`, { at: { file } });
    }
    yield chunk;
  }
}
