import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { assertFile } from './input-file.js';

/** A SHA-256 as 64 lower-case hexadecimal digits. */
export type Sha256 = string & { readonly __brand: 'sha256' };

/** SHA-256 of a string (as UTF-8) or bytes. */
export function sha256(content: string | Uint8Array): Sha256 {
  return hash('sha256', content) as Sha256;
}

/** SHA-256 of a file, streamed; `onBytes` hears of each piece's length. */
export async function sha256File(path: string, onBytes?: (count: number) => void): Promise<Sha256> {
  // A pipe or device may have no end.
  assertFile(path);
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      digest.update(chunk);
      onBytes?.(chunk.length);
    }
  });
  return digest.digest('hex') as Sha256;
}

/** SHA-256 of files of a folder, by name. */
export async function sha256Files(folder: string, files: readonly string[]): Promise<Record<string, Sha256>> {
  const hashes = files.map(async (file) => [file, await sha256File(join(folder, file))] as const);
  return Object.fromEntries(await Promise.all(hashes));
}

/** Whether `text` has the form of a SHA-256. */
export function isSha256(text: string): text is Sha256 {
  return /^[0-9a-f]{64}$/.test(text);
}

/** JSON with object keys sorted at every depth, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );
}
