import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { filesUnder } from '../../project/folder.js';
import type { AnalysisCache } from './analysis-cache.js';
import { type Foreign, type ModuleUnits, moduleUnits, type Unit } from './code-units.js';
import type { Fingerprint } from './fingerprint.js';

/** The lib's modules, taken apart. */
export interface CodeGraph {
  /** By path without ending, relative to the lib: `metrics/scores`. */
  readonly modules: ReadonlyMap<string, ModuleUnits>;
}

/** What can be reached from some imports. */
export interface Reach {
  /** The hash of each declaration, by `lib/src/FILE.ts#NAME`. */
  readonly code: Fingerprint;
  /** Packages whose things are used, by name. */
  readonly packages: readonly string[];
}

/** The name under which notebooks import the lib. */
const LIB = 'small-claims';
/** What no result comes from, though it lies in the lib. */
const APART = /^(pipeline|paper)\//;
const EFFECTS = 'when loaded';

/** Reads the lib compiled into `folder`; each file is taken apart once, and then known by its content. */
export function readCodeGraph(folder: string, cache: AnalysisCache): CodeGraph {
  const files = filesUnder(folder).filter((file) => file.endsWith('.js'));
  const modules = files.map((file): [string, ModuleUnits] => [
    file.replace(/\.js$/, ''),
    cache.get('module', readFileSync(join(folder, file), 'utf8'), moduleUnits),
  ]);
  return { modules: new Map(modules) };
}

/**
 * All code of the lib that a notebook with these imports can come to run, by name: the declarations imported, those
 * that they name in turn, and what every module loaded on the way does when it is loaded. Where names do not tell, it
 * is more rather than less.
 *
 * @param opaque whether the notebook loads something whose name is computed.
 */
export function reach({ modules }: CodeGraph, imports: readonly Foreign[], opaque: boolean): Reach {
  const code: Record<string, string> = {};
  const packages = new Set<string>();
  const loaded = new Set<string>();
  const seen = new Set<string>();
  /** Whether `key` comes up for the first time. */
  const first = (key: string) => !seen.has(key) && seen.add(key).size > 0;

  const visitUnit = (module: string, name: string, unit: Unit): void => {
    const key = `lib/src/${module}.ts#${name}`;
    if (!first(key)) return;
    code[key] = unit.hash;
    if (unit.opaque) visitEverything();
    for (const mentioned of unit.names) visitLocal(module, mentioned);
    for (const from of unit.modules) visitForeign(module, { from, name: '*' });
  };
  const visitLocal = (module: string, name: string): void => {
    const units = modules.get(module);
    if (!units) return;
    const foreign = own(units.imports, name);
    const unit = own(units.units, name);
    if (foreign) visitForeign(module, foreign);
    else if (unit) visitUnit(module, name, unit);
  };
  const visitForeign = (importer: string, { from, name }: Foreign): void => {
    const folder = from.endsWith('/*') && posix.join(posix.dirname(importer), from.slice(0, -1));
    if (folder) {
      for (const module of [...modules.keys()].filter(
        (each) => posix.dirname(each) === posix.dirname(`${folder}x`),
      )) {
        load(module);
        visitModule(module);
      }
      return;
    }
    const target = resolveModule(importer, from);
    if (target === undefined) {
      const named = packageName(from);
      if (named !== undefined) packages.add(named);
    } else {
      load(target);
      if (name === '*') visitModule(target);
      else if (!visitExport(target, name, new Set())) visitModule(target);
    }
  };
  /** @returns whether the module exports such a thing. */
  const visitExport = (module: string, name: string, asked: Set<string>): boolean => {
    if (asked.has(module)) return false;
    asked.add(module);
    const units = modules.get(module);
    if (!units) return false;
    const exported = own(units.exports, name);
    if (exported !== undefined) {
      if (typeof exported === 'string') visitLocal(module, exported);
      else visitForeign(module, exported);
      return true;
    }
    return units.stars.some((from) => {
      const target = resolveModule(module, from);
      return target !== undefined && visitExport(target, name, asked);
    });
  };
  const visitModule = (module: string): void => {
    const units = modules.get(module);
    if (!units || !first(module)) return;
    for (const name of Object.keys(units.exports)) visitExport(module, name, new Set());
    for (const [name, unit] of Object.entries(units.units)) visitUnit(module, name, unit);
    for (const from of units.stars) visitForeign(module, { from, name: '*' });
  };
  const visitEverything = () => {
    for (const module of modules.keys()) {
      if (APART.test(module)) continue;
      load(module);
      visitModule(module);
    }
  };
  const load = (module: string): void => {
    const units = modules.get(module);
    if (!units || loaded.has(module)) return;
    loaded.add(module);
    for (const from of units.loads) {
      const target = resolveModule(module, from);
      if (target !== undefined) load(target);
    }
    const { effects } = units;
    if (effects.names.length + effects.modules.length > 0 || effects.opaque)
      visitUnit(module, EFFECTS, effects);
  };
  const resolveModule = (importer: string, from: string): string | undefined => {
    if (from === LIB) return 'index';
    const path = from.startsWith(`${LIB}/`)
      ? from.slice(LIB.length + 1)
      : from.startsWith('.') && importer !== ''
        ? posix.join(posix.dirname(importer), from).replace(/\.js$/, '')
        : undefined;
    return path !== undefined && modules.has(path) ? path : undefined;
  };

  for (const foreign of imports) visitForeign('', foreign);
  if (opaque) visitEverything();
  return { code, packages: [...packages].sort() };
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The package that a specifier names; undefined for Node's own modules and for paths. */
function packageName(from: string): string | undefined {
  if (from === '' || from.startsWith('.') || from.startsWith('/') || from.startsWith('#') || isBuiltin(from))
    return undefined;
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}
