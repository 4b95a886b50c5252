import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Paths } from '../../project/paths.js';
import type { Notebook } from '../notebook/notebook.js';
import { type AnalysisCache, openAnalysisCache } from './analysis-cache.js';
import { readCell } from './cell-code.js';
import { type CodeGraph, reach, readCodeGraph } from './code-reach.js';
import { type Fingerprint, fingerprint } from './fingerprint.js';
import { type PackageVersions, packageFingerprint, readPackageVersions } from './package-versions.js';

/** What notebooks may depend on, as it is at one moment: read once, before any of them runs. */
export interface Snapshot {
  readonly study: string;
  readonly code: CodeGraph;
  readonly versions: PackageVersions;
  readonly cache: AnalysisCache;
}

/** The compiled lib that this process runs from. */
const THIS_LIB = fileURLToPath(new URL('../..', import.meta.url));
/** Runs the cells of every notebook. */
const KERNEL = 'tslab';

/** The lib's code, the packages installed and the study, as they are now. @param lib the compiled lib. */
export function readSnapshot(paths: Paths, study: string, lib: string = THIS_LIB): Snapshot {
  const cache = openAnalysisCache(join(paths.build, 'cache', 'analysis.json'));
  const code = readCodeGraph(lib, cache);
  cache.save();
  return { study, code, versions: readPackageVersions(join(paths.root, 'package-lock.json')), cache };
}

/**
 * What a notebook's outputs are made from, as far as can be told before it runs: its code cells, the code of the lib
 * that they can reach, the packages used there, Node's major version and the study.
 */
export function ingredients(notebook: Notebook, paths: Paths, snapshot: Snapshot): Fingerprint {
  const { code, versions, cache, study } = snapshot;
  const cells = notebook.cells.flatMap(({ number, source }) =>
    number === undefined ? [] : [{ number, cell: cache.get('cell', source, readCell) }],
  );
  cache.save();
  const imports = cells.flatMap(({ cell }) => cell.imports);
  // What lies beside the notebooks is hashed as it is; what it imports in turn is not known.
  const beside = imports.flatMap(({ from }) => (from.startsWith('.') ? [from] : []));
  const reached = reach(code, imports, beside.length > 0 || cells.some(({ cell }) => cell.opaque));
  const files = beside.flatMap((from) => [from, `${from}.ts`]).map((from) => join('notebooks', from));
  const [Node = ''] = process.versions.node.split('.');
  return {
    ...Object.fromEntries(
      cells.map(({ number, cell }) => [`notebooks/${notebook.name}.ipynb#${number}`, cell.hash]),
    ),
    ...fingerprint(paths.root, files),
    ...reached.code,
    ...packageFingerprint([KERNEL, ...reached.packages], versions),
    Node,
    STUDY: study,
  };
}
