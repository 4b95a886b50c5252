import { createRequire } from 'node:module';
import { type Sha256, sha256 } from './digest.js';

/** What stands at each top-level key of a YAML file, hashed; at '' the keys themselves. */
export type EntryHashes = Readonly<Record<string, Sha256>>;

/** Stands for an entry that is not there. */
const NOTHING = sha256('null');

/**
 * The hashes of a YAML file's entries. Comments and layout change none; the order of keys does, as it decides in what order
 * fields are read, tables list builds, and which prompt is a task's first. Text that is no YAML map has none.
 */
export function entryHashes(text: string): EntryHashes {
  const known = hashed.get(text);
  if (known) return known;
  const found = hashesOf(text);
  hashed.set(text, found);
  return found;
}

/** By the text: a process reads few such files, and notes one entry of them after the other. */
const hashed = new Map<string, EntryHashes>();

function hashesOf(text: string): EntryHashes {
  // Loaded when needed: the runner mostly knows the hashes of a file from the last time.
  const { parse }: typeof import('yaml') = createRequire(import.meta.url)('yaml');
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    return {};
  }
  if (value === null || typeof value !== 'object') return {};
  const entries = Object.entries(value).map(([key, entry]) => [key, sha256(JSON.stringify(entry ?? null))]);
  return { ...Object.fromEntries(entries), '': sha256(JSON.stringify(Object.keys(value))) };
}

/** The hash of one entry, also where it is not there. */
export function entryHash(text: string, key: string, hashes: EntryHashes = entryHashes(text)): Sha256 {
  return (Object.hasOwn(hashes, key) ? hashes[key] : undefined) ?? NOTHING;
}
