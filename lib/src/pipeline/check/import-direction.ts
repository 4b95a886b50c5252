import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesUnder } from '../../project/folder.js';

/** The folders of lib/src in the order a number travels: each may import itself and those before it. */
export const FOLDERS: readonly string[] = [
  'project',
  'tasks',
  'records',
  'learners',
  'datasets',
  'metrics',
  'reporting',
  'models',
  'scoring',
  'audit',
  'paper',
  'finetuning',
  'audit-report',
  'study',
  'pipeline',
];

/** An import that the house does not allow. */
export interface WrongImport {
  /** Relative to the checked folder. */
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

interface Import {
  readonly file: string;
  readonly line: number;
  /** The imported file, relative to the checked folder. */
  readonly target: string;
  /** Whether it is gone when compiled, and so may be part of a cycle. */
  readonly typeOnly: boolean;
}

/** All imports under `source` (lib/src) that point up the order of `FOLDERS`, and all cycles between files. */
export function wrongImports(source: string): readonly WrongImport[] {
  const files = filesUnder(source).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
  const imports = files.flatMap((file) => importsOf(source, file));
  return [
    ...imports.flatMap(upward),
    ...cycles(
      files,
      imports.filter(({ typeOnly }) => !typeOnly),
    ),
  ];
}

const IMPORT =
  /(?:^|\n)[ \t]*(?:import|export)\b([^'"`;]*?)\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]\s*\)/g;

function importsOf(source: string, file: string): Import[] {
  const text = readFileSync(join(source, file), 'utf8');
  return [...text.matchAll(IMPORT)].flatMap(({ index = 0, 0: statement, 1: clause, 2: from, 3: dynamic }) => {
    const path = from ?? dynamic ?? '';
    if (!path.startsWith('.')) return [];
    const line = text.slice(0, index + statement.length).split('\n').length;
    const target = join(dirname(file), path).replaceAll('\\', '/').replace(/\.js$/, '.ts');
    return [{ file, line, target, typeOnly: /^\s*type\b/.test(clause ?? '') || dynamic !== undefined }];
  });
}

const folderOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : undefined);
const rank = (folder: string) => FOLDERS.indexOf(folder);

function upward({ file, line, target }: Import): WrongImport[] {
  const [from, to] = [folderOf(file), folderOf(target)];
  // index.ts, at the top, may import anything.
  if (from === undefined || from === to) return [];
  if (rank(from) < 0)
    return [{ file, line, what: `the folder ${from} has no place in the order of folders` }];
  if (to !== undefined && rank(to) >= 0 && rank(to) < rank(from)) return [];
  return [
    {
      file,
      line,
      what: `${from} must not import ${target}: it may import only ${FOLDERS.slice(0, rank(from)).join(', ') || 'itself'}`,
    },
  ];
}

function cycles(files: readonly string[], imports: readonly Import[]): WrongImport[] {
  const found: WrongImport[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]) => {
    for (const { target, line } of imports.filter((candidate) => candidate.file === file)) {
      const start = [...trail, file].indexOf(target);
      if (start >= 0) {
        const cycle = [...trail, file].slice(start);
        found.push({ file, line, what: `an import in a circle: ${[...cycle, target].join(' -> ')}` });
      } else if (!done.has(target)) visit(target, [...trail, file]);
    }
    done.add(file);
  };
  for (const file of files) if (!done.has(file)) visit(file, []);
  return found;
}
