import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { writeFileAtomic } from '../project/atomic.js';
import { type Sha256, sha256 } from '../project/digest.js';
import { withLock } from '../project/lock.js';
import type { Paths } from '../project/paths.js';

/** The hashes of all records' files, by path relative to the records, as `sha256sum -c SHA256SUMS` reads them. */
export type Seals = ReadonlyMap<string, string>;

const FILE = 'SHA256SUMS';

/** What every record's files hashed to when they were written; empty where nothing is sealed. */
export function readSeals({ records }: Pick<Paths, 'records'>): Seals {
  const file = join(records, FILE);
  if (!existsSync(file)) return new Map();
  const lines = readFileSync(file, 'utf8').split('\n');
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const [, hash, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
      return hash !== undefined && path !== undefined ? [[path, hash]] : [];
    }),
  );
}

/** Writes down what these files of the records hash to now. One process at a time. */
export function sealFiles({ records }: Pick<Paths, 'records'>, files: readonly string[]): Promise<void> {
  return withLock(join(records, `${FILE}.lock`), async () => {
    const hashes = files.map((file): [string, Sha256] => [
      portable(records, file),
      sha256(readFileSync(file)),
    ]);
    const seals = new Map([...readSeals({ records }), ...hashes]);
    const lines = [...seals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, hash]) => `${hash}  ${path}\n`);
    writeFileAtomic(join(records, FILE), lines.join(''));
  });
}

const portable = (folder: string, file: string) => relative(folder, file).split(sep).join('/');
