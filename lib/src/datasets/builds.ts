import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { alternatives, didYouMean, nearest } from '../project/nearest.js';
import { type Paths, projectPaths } from '../project/paths.js';
import type { Json } from '../records/header.js';
import type { Row } from '../tasks/row.js';
import { shapeOf } from '../tasks/shape-of.js';
import { findTask, knownTasks, type Task, taskDigest } from '../tasks/task.js';
import type { BuildName } from './build-name.js';
import { type CatalogueEntry, catalogueFile, entryPlace, knownDatasets, readCatalogue } from './catalogue.js';
import { checkEntry } from './entry-check.js';
import type { Reader } from './reader.js';
import { type ReleasePlaces, readRelease } from './release.js';
import { checkRows } from './row-check.js';
import { split as drawn } from './split.js';

/** What determines a build's rows, known without the data: equal headers, equal rows. */
export type BuildHeader = {
  readonly build: BuildName;
  /** Counts the changes of the entry or its reader that made rows differ. */
  readonly version: number;
  /** By `DATASET/FILE` of the release, what it hashes to. */
  readonly files: Readonly<Record<string, Sha256>>;
  /** These files in the order in which they are read; left out where that is the alphabet's. */
  readonly order?: readonly string[];
  /** What reads them; left out of data sets whose records were made before headers named readers. */
  readonly reader?: string;
  readonly seed?: number;
  /** Of a build that is drawn from another: which, with its own seed where it has one, and how many rows. */
  readonly sample?: { readonly of: string; readonly size: number; readonly seed?: number };
  /** Which columns and labels the entry takes for what, where it says so. */
  readonly reading?: Json;
  /** Its task's digest; left out while the task is as it was when headers did not name tasks yet. */
  readonly task?: Sha256;
};

/** The digests of the tasks whose records were made before headers named tasks. */
const UNNAMED_TASKS: ReadonlySet<string> = new Set([
  'def03484608edc8a9a4f501f1e4f18b064c8c0be216dfe18189207cfbab84ca3', // claim-verification
  'c0e57179dd11ed0852c854e104daa9e18c752c35a2244c4a8874c6f5f88a7f46', // biomedical-question-answering
  '70475455a7d1371ee7d8334b3cc7ae73186a23ce38f8af15d70af5b6aba9697d', // cancer-hallmarks
  '23984b0eeba41e6ea21f89f4cfa61dd43833a1b02a20b8e2ecf300c10f9cb5f6', // sentence-similarity
  'fdf0f0f98cd67d51c3539716709823ed76e5b43bd6d3717b60fa6da0edf0515a', // disease-recognition
]);

/** The readers, `DATASET/READER`, whose records were made before headers named readers. */
const UNNAMED_READERS: ReadonlySet<string> = new Set([
  ...['scifact/scifact', 'healthver/healthver', 'pubmedqa/pubmedqa', 'hoc/hoc'],
  ...['biosses/table', 'ncbi-disease/iob'],
]);

/** Training builds whose order was not the alphabet's when headers did not tell orders yet. */
const UNTOLD_ORDERS: readonly (readonly string[])[] = [['scifact/rationales/train', 'healthver/rows/dev']];

/**
 * Every build that `data/datasets.yaml` knows, as `DATASET/BUILD/SPLIT`; no result depends on which others there are.
 *
 * @example
 * buildNames().includes('scifact/rationales/dev'); // -> true
 */
export function buildNames(paths: Paths = projectPaths()): readonly BuildName[] {
  return Object.entries(knownDatasets(paths)).flatMap(([dataset, { builds, splits }]) =>
    Object.keys(builds).flatMap((build) =>
      Object.keys(splits).map((split): BuildName => `${dataset}/${build}/${split}`),
    ),
  );
}

/** `The nearest is "mine/rows/test"; builds of mine: ...`: what there is instead of a build that there is not. */
export function buildsMeant(name: string, paths: Paths = projectPaths()): string {
  const [known, datasets] = [buildNames(paths), Object.keys(knownDatasets(paths))];
  const [named = ''] = name.split('/');
  const [meant] = (nearest(name, known) ?? '').split('/');
  const dataset = datasets.includes(named) ? named : meant || nearest(named, datasets);
  if (dataset === undefined) return alternatives(named, datasets, 'data sets');
  const builds = known.filter((build) => build.startsWith(`${dataset}/`));
  return alternatives(name, builds, `builds of ${dataset}`);
}

/**
 * The rows of a build, texts, gold answers and keys, in the order of its release, which is found,
 * verified and parsed first. Texts have their whitespace normalised (runs of it, also line ends, become one space). Ids
 * are unique within the build.
 *
 * @throws UserError if there is no such build, or the release is missing or malformed.
 *
 * @example
 * const texts = async () => (await loadBuild('scifact/rationales/dev')).map((row) => row.texts);
 * await loadBuild('scifact/rationale/dev'); // throws The nearest is "scifact/rationales/dev"
 */
export async function loadBuild(name: BuildName, places: ReleasePlaces = {}): Promise<readonly Row[]> {
  const paths = places.paths ?? projectPaths();
  const { dataset, build, split, entry } = partsOf(name, paths);
  const read = await readerOf(dataset, entry, paths);
  const files = [];
  for (const file of entry.splits[split] ?? []) files.push(await readRelease(dataset, file, places));
  const { seed, sample } = entry.builds[build] ?? {};
  const task = taskIn(dataset, entry, paths);
  // A sample's seed draws the sample; the build it is drawn from keeps its own.
  const of = sample?.of ?? build;
  const rows = await read({ dataset, build: of, seed: entry.builds[of]?.seed, split, files, task, entry });
  checkRows(rows, task, `${dataset}:${split}:`);
  if (!sample || rows.length <= sample.size) return rows;
  return drawn(rows, { size: sample.size, seed: seed ?? 0, stratify: shapeOf(task), group: 'row' }).train;
}

/**
 * The task that a build's rows are of.
 *
 * @throws UserError if there is no such build.
 *
 * @example
 * taskOf('biosses/rows/test').shape; // -> 'number'
 */
export function taskOf(name: BuildName, paths: Paths = projectPaths()): Task {
  const { dataset, entry } = partsOf(name, paths);
  return taskIn(dataset, entry, paths);
}

/**
 * Which rows of a data set a build's are, `DATASET/BUILD`, whatever its split: of a sample those that it is drawn from.
 *
 * @throws UserError if there is no such build.
 */
export function drawnFrom(name: BuildName, paths: Paths): string {
  const { dataset, build, entry } = partsOf(name, paths);
  return `${dataset}/${entry.builds[build]?.sample?.of ?? build}`;
}

/** The task of an entry. @throws UserError naming its line and the nearest, where there is no such task. */
function taskIn(dataset: string, { task }: CatalogueEntry, paths: Paths): Task {
  const known = [...knownTasks(paths).keys()];
  if (known.includes(task)) return findTask(task, paths);
  throw new UserError(`there is no task "${task}"`, {
    at: entryPlace([dataset, 'task'], paths),
    hint: alternatives(task, known),
  });
}

/**
 * What determines the rows of a build: its name, the release's hashes, the entry's version, a seed where there is one, and
 * its task. Reads `data/datasets.yaml` and `data/tasks.yaml` alone.
 *
 * @throws UserError if there is no such build, or its entry does not fit its task.
 */
export function buildHeader(name: BuildName, paths: Paths = projectPaths()): BuildHeader {
  const { dataset, build, split, entry } = partsOf(name, paths);
  const { version, reader, columns, labels, table } = entry;
  const { seed, sample } = entry.builds[build] ?? {};
  const of = sample && entry.builds[sample.of];
  const task = taskDigest(taskIn(dataset, entry, paths));
  const hashes = (entry.splits[split] ?? []).map((file): [string, Sha256] => [
    `${dataset}/${file}`,
    catalogueFile(dataset, file, paths).sha256,
  ]);
  return {
    build: name,
    version,
    files: Object.fromEntries(hashes),
    ...orderOf(hashes.map(([file]) => file)),
    ...(!UNNAMED_READERS.has(`${dataset}/${reader}`) && { reader }),
    ...(seed !== undefined && { seed }),
    ...(sample && { sample: { ...sample, ...(of?.seed !== undefined && { seed: of.seed }) } }),
    ...((columns || labels || table) && { reading: definedOnly({ columns, labels, table }) }),
    ...(!UNNAMED_TASKS.has(task) && { task }),
  };
}

/**
 * The headers of builds whose rows are learnt from one after the other, by name, and the order of these where it is not the
 * alphabet's: headers are compared without the order of their keys.
 *
 * @throws UserError as `buildHeader`.
 */
export function buildHeaders(names: readonly BuildName[], paths: Paths = projectPaths()) {
  const builds: Record<string, Json> = {};
  for (const name of names) builds[name] = buildHeader(name, paths);
  return { builds, ...orderOf(names) };
}

/** The order of names, where it is not the one that is meant where none is told. */
function orderOf(names: readonly string[]): { readonly order?: readonly string[] } {
  const sorted = names.toSorted();
  const usual = UNTOLD_ORDERS.find((each) => each.toSorted().join(' ') === sorted.join(' ')) ?? sorted;
  return usual.join(' ') === names.join(' ') ? {} : { order: names };
}

const definedOnly = (value: object): Json => JSON.parse(JSON.stringify(value));

function partsOf(name: BuildName, paths: Paths) {
  const [dataset = '', build = '', split = ''] = name.split('/');
  const catalogue = readCatalogue(paths);
  const entry = Object.hasOwn(catalogue, dataset) ? catalogue[dataset] : undefined;
  if (entry && Object.hasOwn(entry.builds, build) && Object.hasOwn(entry.splits, split)) {
    if (entry.columns || entry.labels || entry.reader === 'table')
      checkEntry(dataset, entry, taskIn(dataset, entry, paths), paths);
    const listed = Object.keys(entry.files);
    for (const file of entry.splits[split] ?? []) {
      // An entry that names no file at all is told of when one is wanted.
      if (listed.length === 0 || listed.includes(file)) continue;
      throw new UserError(`no "${file}" is among its files`, {
        at: entryPlace([dataset, 'splits', split], paths),
        hint: didYouMean(file, listed),
      });
    }
    return { dataset, build, split, entry };
  }
  throw new UserError(`there is no build "${name}"`, { hint: buildsMeant(name, paths) });
}

/** A reader by the name of its file. */
async function readerOf(dataset: string, { reader }: CatalogueEntry, paths: Paths): Promise<Reader> {
  const known = readdirSync(fileURLToPath(new URL('./readers', import.meta.url))).flatMap(
    (file) => /^([\w-]+)\.js$/.exec(file)?.[1] ?? [],
  );
  if (!known.includes(reader)) {
    throw new UserError(`the data set "${dataset}" is to be read by "${reader}", which is no reader`, {
      at: entryPlace([dataset, 'reader'], paths),
      hint: `${alternatives(reader, known)} A reader is a file of lib/src/datasets/readers.`,
    });
  }
  const module: { readonly read: Reader } = await import(`./readers/${reader}.js`);
  return module.read;
}
