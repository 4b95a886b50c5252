import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Sha256 } from './digest.js';
import { entryHash } from './entries.js';

/** A file that a notebook's output depends on, or one entry of it. */
export interface Input {
  /** Relative to the project's root, with forward slashes; of an entry followed by `#` and its top-level key. */
  readonly path: string;
  /** Of the content that was read; for a compressed record, of the file as it lies on disk. */
  readonly sha256: Sha256 | typeof MISSING;
}

/**
 * Notes that what runs now has read `path`, so that the runner knows when to run it again. Outside the runner
 * (a notebook by hand, a script) there is no ledger and nothing happens.
 */
export function noteInput(root: string, path: string, sha256: Input['sha256']): void {
  const folder = process.env['SMALL_CLAIMS_OUT'];
  if (folder === undefined) return;
  const input: Input = { path: relative(root, path).split(sep).join('/'), sha256 };
  const line = `${JSON.stringify(input)}\n`;
  const ledger = join(folder, 'inputs.jsonl');
  const place = `${ledger}\n${line}`;
  if (existsSync(ledger) && (noted.has(place) || readFileSync(ledger, 'utf8').includes(line))) return;
  mkdirSync(folder, { recursive: true });
  appendFileSync(ledger, line);
  noted.add(place);
}

/** What this process has noted, and where: of most inputs nothing new is to be told. */
const noted = new Set<string>();

/** Stands for the hash of a file that is not there. */
export const MISSING = 'missing';

/** Notes that what runs now has looked for `path` and not found it: once it is there, it has to run again. */
export function noteMissing(root: string, path: string): void {
  noteInput(root, path, MISSING);
}

/** Notes that one entry of the YAML file `path` was read: a top-level key, or '' for the list of the keys. */
export function noteEntry(root: string, path: string, text: string, key: string): void {
  if (process.env['SMALL_CLAIMS_OUT'] === undefined) return;
  noteInput(root, `${path}#${key}`, entryHash(text, key));
}

/**
 * `value`, which was read from the YAML file `path`, in such a form that each of its entries is noted when, and only
 * when, it is read.
 */
export function notingReads<T extends object>(value: T, root: string, path: string, text: string): T {
  return new Proxy(value, {
    get(target, key) {
      if (typeof key === 'string') noteEntry(root, path, text, key);
      return Reflect.get(target, key);
    },
    ownKeys(target) {
      noteEntry(root, path, text, '');
      return Reflect.ownKeys(target);
    },
  });
}
