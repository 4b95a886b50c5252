import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { UserError } from './error.js';

/** Every place the project reads from or writes to. Nothing else in the lib spells a path. */
export interface Paths {
  readonly root: string;
  readonly data: string;
  readonly datasetsFile: string;
  readonly modelsFile: string;
  readonly tasksFile: string;
  readonly promptsFile: string;
  readonly pricesFile: string;
  /** Figures of other works. */
  readonly quotedFile: string;
  readonly simulationsFile: string;
  readonly studies: string;
  /** A folder a LoRA adapter, with its manifest. */
  readonly adapters: string;
  /** SMALL_CLAIMS_RECORDS moves it, for a reproduction that must not touch what is committed. */
  readonly records: string;
  /** Downloaded releases, one folder a dataset; ignored by git. */
  readonly raw: string;
  readonly notebooks: string;
  readonly figures: string;
  readonly paper: string;
  readonly build: string;
  /** Executed notebooks, with outputs. */
  readonly executed: string;
  /** What the notebooks published: values, tables and figures, a folder a notebook. */
  readonly published: string;
  /** Every published table as CSV and LaTeX. */
  readonly tables: string;
  /** What trainings leave: the rows they learn from, logs and checkpoints, a folder an adapter; SMALL_CLAIMS_TRAINING moves it, as above. */
  readonly training: string;
  /** The Python that trains, with the packages of `requirements/train.txt`. */
  readonly trainVenv: string;
  readonly trainRequirements: string;
  /** Programs in Python, for what only the field's tools in Python can do. */
  readonly python: string;
  /** Readers of data sets, a file each, and their tests. */
  readonly readers: string;
  readonly readerTests: string;
  /** What describes the whole project to other software; its place is the project's root by its specification. */
  readonly crate: string;
  /** Model files, shared between checkouts; SMALL_CLAIMS_CACHE moves it; for a user without a home in build/. */
  readonly modelCache: string;
  /** llama.cpp's own programs, built from source, a folder a release; in the same cache. */
  readonly llamaTools: string;
}

/** The paths of the project rooted at `root` (default: the folder above the working directory that holds it). */
export function projectPaths(root: string = findRoot(process.cwd())): Paths {
  const under = (...parts: string[]) => join(root, ...parts);
  const cache = process.env['SMALL_CLAIMS_CACHE']
    ? resolve(process.env['SMALL_CLAIMS_CACHE'])
    : (homeCache() ?? under('build', 'cache'));
  return {
    root,
    data: under('data'),
    datasetsFile: under('data', 'datasets.yaml'),
    modelsFile: under('data', 'models.yaml'),
    tasksFile: under('data', 'tasks.yaml'),
    promptsFile: under('data', 'prompts.yaml'),
    pricesFile: under('data', 'prices.yaml'),
    quotedFile: under('data', 'quoted.yaml'),
    simulationsFile: under('data', 'simulations', 'size-and-power.json'),
    studies: under('data', 'studies'),
    adapters: under('data', 'adapters'),
    records: resolve(root, process.env['SMALL_CLAIMS_RECORDS'] || under('data', 'records')),
    raw: under('data', 'raw'),
    notebooks: under('notebooks'),
    figures: under('figures'),
    paper: under('paper'),
    build: under('build'),
    executed: under('build', 'notebooks'),
    published: under('build', 'published'),
    tables: under('build', 'tables'),
    training: resolve(root, process.env['SMALL_CLAIMS_TRAINING'] || under('build', 'training')),
    trainVenv: under('.venv-train'),
    trainRequirements: under('requirements', 'train.txt'),
    python: under('lib', 'python'),
    readers: under('lib', 'src', 'datasets', 'readers'),
    readerTests: under('lib', 'test', 'datasets'),
    crate: under('ro-crate-metadata.json'),
    modelCache: join(cache, 'models'),
    llamaTools: join(cache, 'llama-tools'),
  };
}

/** The user's folder for what can be fetched again; undefined for a user without a home, as containers have them. */
function homeCache(): string | undefined {
  try {
    const home = homedir();
    return home === '' ? undefined : join(home, '.cache', 'small-claims');
  } catch {
    return undefined;
  }
}

function findRoot(start: string): string {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (isProject(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) {
      throw new UserError(`no Small Claims project at or above ${start}`, {
        hint: 'Run this inside a clone of the repository.',
      });
    }
  }
}

function isProject(manifest: string): boolean {
  if (!existsSync(manifest)) return false;
  try {
    return JSON.parse(readFileSync(manifest, 'utf8')).name === 'small-claims-study';
  } catch {
    // Of somebody else's, in a folder above.
    return false;
  }
}
