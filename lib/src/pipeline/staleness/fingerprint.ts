import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../../project/digest.js';
import { filesUnder } from '../../project/folder.js';
import { isObject } from '../../project/json.js';
import { MISSING } from '../../project/ledger.js';

/** Hashes by the name of what was hashed: a path relative to the project's root, or a setting. */
export type Fingerprint = Readonly<Record<string, string>>;

/** The hash of each file, by content and never by time. */
export function fingerprint(root: string, paths: Iterable<string>): Fingerprint {
  return Object.fromEntries([...paths].map((path) => [path, fileHash(join(root, path))]));
}

/** SHA-256 of a file, or `MISSING`. */
export function fileHash(path: string): string {
  return existsSync(path) ? sha256(readFileSync(path)) : MISSING;
}

/** Whether what was read from a file is a fingerprint. */
export function isFingerprint(value: unknown): value is Fingerprint {
  return isObject(value) && Object.values(value).every((hash) => typeof hash === 'string');
}

/**
 * What was kept in a JSON file about an earlier run, or undefined where there is none or it is not in the form that
 * `isState` knows, as what another version of the lib has left. Checked by hand, since loading zod would take longer
 * than all else that a run does when nothing is to be done.
 */
export function readState<State extends object>(
  file: string,
  isState: (value: object) => value is State,
): State | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isObject(value) && isState(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What first differs between two fingerprints, in words; undefined if nothing does. */
export function difference(before: Fingerprint, now: Fingerprint): string | undefined {
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const [then, today] = [before[name] ?? MISSING, now[name] ?? MISSING];
    if (then === today) continue;
    return inWords(name, today === MISSING ? 'gone' : then === MISSING ? 'new' : 'changed');
  }
  return undefined;
}

/** The names of all that differs between two fingerprints. */
export function differences(before: Fingerprint, now: Fingerprint): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return names.filter((name) => (before[name] ?? MISSING) !== (now[name] ?? MISSING));
}

/** `records of qwen2.5-coder-0.5b-instruct changed`, `macroF1 of lib/src/metrics/scores.ts changed`. */
function inWords(name: string, how: 'gone' | 'new' | 'changed'): string {
  const verb = how === 'changed' ? '' : 'is ';
  const [, model] = /^data\/records\/runs\/([^/]+)\//.exec(name) ?? [];
  if (model !== undefined) return `records of ${model} ${how === 'changed' ? how : `are ${how}`}`;
  const [, record] = /^data\/records\/(.+)\.[0-9a-f]{12}\.(?:jsonl\.gz|making\.json)$/.exec(name) ?? [];
  if (record !== undefined) return `record ${record} ${verb}${how}`;
  const [file = name, part] = name.split('#', 2);
  if (part === undefined) return `${name} ${verb}${how}`;
  if (file.endsWith('.ipynb')) return `cell [${part}] ${verb}${how}`;
  if (file.endsWith('.ts')) return `${part} of ${file} ${verb}${how}`;
  return part === '' ? `the list of entries of ${file} changed` : `${part} in ${file} ${verb}${how}`;
}

/** The compiled lib this process runs from, by source file, without some folders of lib/src. */
export function codeFingerprint(skip: readonly string[]): Fingerprint {
  const compiled = fileURLToPath(new URL('../..', import.meta.url));
  const files = filesUnder(compiled).filter(
    (file) => file.endsWith('.js') && !skip.some((folder) => file.startsWith(`${folder}/`)),
  );
  return Object.fromEntries(
    files.map((file) => [`lib/src/${file.replace(/\.js$/, '.ts')}`, fileHash(join(compiled, file))]),
  );
}
