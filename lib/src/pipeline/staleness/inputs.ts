import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entryHash, entryHashes } from '../../project/entries.js';
import { MISSING } from '../../project/ledger.js';
import type { Paths } from '../../project/paths.js';
import type { AnalysisCache } from './analysis-cache.js';
import { type Fingerprint, fileHash } from './fingerprint.js';

/** The present hashes of what a notebook read: files, and entries of YAML files (`FILE#KEY`). */
export function inputFingerprint(
  inputs: readonly string[],
  { root }: Paths,
  cache: AnalysisCache,
): Fingerprint {
  const now = inputs.map((input) => {
    const [file = '', key] = input.split('#', 2);
    const path = join(root, file);
    if (key === undefined || !existsSync(path)) return [input, key === undefined ? fileHash(path) : MISSING];
    const text = readFileSync(path, 'utf8');
    return [input, entryHash(text, key, cache.get('entries', text, entryHashes))];
  });
  cache.save();
  return Object.fromEntries(now);
}
