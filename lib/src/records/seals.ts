import { readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { writeFileAtomic } from '../project/atomic.js';
import { type Sha256, sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { withLock } from '../project/lock.js';
import type { Paths } from '../project/paths.js';

/** The hashes of all records' files, by path relative to the records, as `sha256sum -c SHA256SUMS` reads them. */
export type Seals = ReadonlyMap<string, string>;

const FILE = 'SHA256SUMS';

/**
 * What every record's files hashed to when they were written; empty where nothing is sealed.
 *
 * @throws UserError naming the line that is no seal, or is another one of the same file.
 */
export function readSeals({ records }: Pick<Paths, 'records'>): Seals {
  const file = join(records, FILE);
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) return new Map();
  const version = [found.ino, found.size, found.mtimeMs].join();
  const last = lastRead.get(file);
  if (last?.version === version) return last.seals;
  const seals = parseSeals(readFileSync(file, 'utf8'), file);
  lastRead.set(file, { version, seals });
  return seals;
}

/** Asked for with every record, and mostly the same. */
const lastRead = new Map<string, { readonly version: string; readonly seals: Seals }>();

function parseSeals(text: string, file: string): Seals {
  const seals = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '') continue;
    const [, hash, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    const same = path === undefined ? undefined : seals.get(path);
    if (hash === undefined || path === undefined || (same !== undefined && same !== hash)) {
      throw new UserError(path === undefined ? 'no hash and name of a file' : `another hash of ${path}`, {
        at: { file, line: index + 1 },
        hint: 'Restore the file from git; after a merge, keep the lines of the records that are there.',
      });
    }
    seals.set(path, hash);
  }
  return seals;
}

/** What files of the records, given with their hashes, are: as they were sealed, changed since, or not sealed yet. */
export function sealState(
  { records }: Pick<Paths, 'records'>,
  hashes: readonly (readonly [file: string, hash: Sha256])[],
): 'sealed' | 'unsealed' | { readonly changed: string } {
  const seals = readSeals({ records });
  let state: 'sealed' | 'unsealed' = 'sealed';
  for (const [file, hash] of hashes) {
    const seal = seals.get(portable(records, file));
    if (seal === undefined) state = 'unsealed';
    else if (seal !== hash) return { changed: file };
  }
  return state;
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
