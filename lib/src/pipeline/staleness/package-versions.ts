import { existsSync, readFileSync } from 'node:fs';
import { canonicalJson, sha256 } from '../../project/digest.js';
import { UserError } from '../../project/error.js';
import { MISSING } from '../../project/ledger.js';
import type { Fingerprint } from './fingerprint.js';

interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Gives the hash of a package's version and of those of all packages below it, as package-lock.json has them. */
export type PackageVersions = (name: string) => string;

/** Reads package-lock.json, for the packages that code in lib or in a notebook imports. */
export function readPackageVersions(file: string): PackageVersions {
  const entries = readLock(file);
  const known = new Map<string, string>();
  return (name) => {
    const hash = known.get(name) ?? versionsBelow(name, entries);
    known.set(name, hash);
    return hash;
  };
}

/** Hashes by `package NAME`. */
export function packageFingerprint(names: Iterable<string>, versions: PackageVersions): Fingerprint {
  return Object.fromEntries([...new Set(names)].sort().map((name) => [`package ${name}`, versions(name)]));
}

function versionsBelow(name: string, entries: Readonly<Record<string, LockEntry>>): string {
  const found = new Map<string, LockEntry>();
  const visit = (importer: string, wanted: string): void => {
    const place = resolvePackage(importer, wanted, entries);
    const entry = place === undefined ? undefined : entries[place];
    if (place === undefined || !entry || found.has(place)) return;
    found.set(place, entry);
    const { dependencies, optionalDependencies, peerDependencies } = entry;
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
      visit(place, next);
  };
  visit('lib', name);
  if (found.size === 0) return MISSING;
  const versions = [...found].map(([place, { version, integrity }]) => [place, version, integrity]);
  return sha256(canonicalJson(versions.sort())).slice(0, 16);
}

/** Where Node finds a package: in the importer's node_modules, else in one further up. */
function resolvePackage(
  importer: string,
  name: string,
  entries: Readonly<Record<string, LockEntry>>,
): string | undefined {
  const place = `${importer}${importer === '' ? '' : '/'}node_modules/${name}`;
  if (Object.hasOwn(entries, place)) return place;
  if (importer === '') return undefined;
  const above = importer.lastIndexOf('/node_modules/');
  return resolvePackage(above < 0 ? '' : importer.slice(0, above), name, entries);
}

function readLock(file: string): Readonly<Record<string, LockEntry>> {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch (cause) {
    throw new UserError('not valid JSON', { at: { file }, hint: 'Restore it with git.', cause });
  }
}
