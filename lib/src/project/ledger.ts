import { appendFileSync, mkdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Sha256 } from './digest.js';

/** A file that a notebook's output depends on. */
export interface Input {
  /** Relative to the project's root, with forward slashes. */
  readonly path: string;
  /** Of the content that was read; for a compressed record, of the file as it lies on disk. */
  readonly sha256: Sha256;
}

/**
 * Notes that what runs now has read `path`, so that the runner knows when to run it again. Outside the runner
 * (a notebook by hand, a script) there is no ledger and nothing happens.
 */
export function noteInput(root: string, path: string, sha256: Sha256): void {
  const folder = process.env['SMALL_CLAIMS_OUT'];
  if (folder === undefined) return;
  const input: Input = { path: relative(root, path).split(sep).join('/'), sha256 };
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, 'inputs.jsonl'), `${JSON.stringify(input)}\n`);
}
