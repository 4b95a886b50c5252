import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isSha256, type Sha256 } from '../project/digest.js';
import { type Location, UserError } from '../project/error.js';
import { notingReads } from '../project/ledger.js';
import { alternatives, didYouMean } from '../project/nearest.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { webAddress } from '../project/schema.js';
import { readYaml, yamlLine } from '../project/yaml.js';
import { OFFSETS } from './formats/spans.js';
import { TABLE_FORMATS } from './formats/table.js';

const word = z.string().regex(/\S/, 'is empty');
// A name becomes a folder or file name on disk, so it may not lead elsewhere.
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/i, 'must be letters, digits, dot, dash or underscore')
  .max(120, 'is longer than the name of a file may be');

const releaseFile = z.strictObject({
  /** Where its publisher has it; of data of one's own absent: it lies in data/raw/DATASET, or in DATA_MIRROR. */
  url: webAddress.optional(),
  sha256: z.custom<Sha256>(
    (value) => typeof value === 'string' && isSha256(value),
    'must be 64 lower-case hexadecimal digits',
  ),
});

/** Where a table has what a row is made of: the columns of its texts, gold, id and keys. A name of JSON may lead on: `meta.pmid`. */
const columns = z.strictObject({
  /** Default: rows are named by their line. */
  id: word.optional(),
  /** Of label sets also a list: a column a label, which holds 1 or 0. */
  gold: z.union([word, z.array(word).min(2)]),
  /** By the task's fields; an optional one may be left out. */
  fields: z.record(word, word),
  /** By the task's keys; one that is left out is the text of the field of its name, if there is one. */
  keys: z.record(word, word).default({}),
});

const entry = z.strictObject({
  title: word,
  homepage: webAddress.optional(),
  licence: word,
  /** A name of `data/tasks.yaml`. */
  task: word,
  /** A file of lib/src/datasets/readers. */
  reader: name,
  /** Raised with every change, here or in the reader, that makes a row of any build differ. */
  version: z.int().positive().default(1),
  /**
   * Ways to make rows of a release. A reader makes a build by its name, with a `seed` where it draws; with `sample`, the
   * build is so many rows of another one, drawn with its classes in proportion (all, where a split has fewer).
   */
  builds: z
    .record(
      name,
      z.strictObject({
        seed: z.int().nonnegative().optional(),
        sample: z.strictObject({ of: name, size: z.int().positive() }).optional(),
      }),
    )
    .default({ rows: {} }),
  /** The parts of every build: the files they are read from. */
  splits: z.record(name, z.union([name.transform((only) => [only]), z.array(name).min(1)])),
  /** Of readers of tables. */
  columns: columns.optional(),
  /** What its files call a label or type, and what the task calls it; one that is left out is called alike. */
  labels: z.record(word, word).optional(),
  /** Of readers of tables: how they are written, where the files' endings or a first line of names do not tell. */
  table: z
    .strictObject({
      format: z.enum(TABLE_FORMATS).optional(),
      header: z.boolean().optional(),
      separator: z.string().length(1).optional(),
      /** What offsets of spans count, where the words of spans do not show it. */
      offsets: z.enum(OFFSETS).optional(),
    })
    .optional(),
  files: z.record(name, releaseFile),
});

/** Readers that take all rows of a file, so that a file in two splits is in both of them. */
export const READ_WHOLE: readonly string[] = ['table', 'iob'];

/** What the parts of an entry say of each other. */
const consistent = entry.superRefine(({ builds, reader, splits, files, columns }, context) => {
  const flaw = (path: readonly string[], message: string) =>
    context.addIssue({ code: 'custom', path: [...path], message });
  for (const [build, { sample }] of Object.entries(builds)) {
    if (!sample) continue;
    const own = Object.keys(builds).filter((name) => !builds[name]?.sample);
    if (!own.includes(sample.of))
      flaw(
        ['builds', build, 'sample', 'of'],
        `"${sample.of}" is no build to draw from; there ${own.length === 1 ? 'is' : 'are'} ${own.join(', ') || 'none'}`,
      );
  }
  for (const [split, names] of Object.entries(splits))
    if (new Set(names).size < names.length) flaw(['splits', split], 'names a file twice');
  const splitOf = new Map<string, string>();
  for (const [split, names] of READ_WHOLE.includes(reader) ? Object.entries(splits) : []) {
    for (const file of names) {
      const content = files[file]?.sha256 ?? file;
      const first = splitOf.get(content);
      if (first !== undefined)
        flaw(
          ['splits', split],
          `${file} holds the rows of ${first === split ? 'another file of it' : first} too`,
        );
      splitOf.set(content, split);
    }
  }
  const read = new Map([columns?.gold ?? []].flat().map((column) => [column, 'the answers']));
  for (const [field, column] of Object.entries(columns?.fields ?? {})) {
    const first = read.get(column);
    if (first !== undefined)
      flaw(['columns', 'fields', field], `"${column}" is the column of ${first} already`);
    read.set(column, `the field ${field}`);
  }
});

/** A file of a release, as its publisher ships it. */
type ReleaseFile = z.output<typeof releaseFile>;
/** A dataset's entry in `data/datasets.yaml`. */
export type CatalogueEntry = z.output<typeof entry>;

const schema = z.record(name, consistent);

/**
 * The datasets of `data/datasets.yaml`, one's own among them, by name: task, reader, files with their hashes, splits and
 * builds.
 *
 * @throws UserError naming file, line and field of a mistake in it.
 *
 * @example
 * const { task, splits } = readCatalogue()['scifact'];
 * [task, Object.keys(splits)]; // -> ['claim-verification', ['train', 'dev']]
 */
export function readCatalogue(paths: Paths = projectPaths()): Readonly<Record<string, CatalogueEntry>> {
  const catalogue = readYaml(paths.datasetsFile, schema);
  return notingReads(catalogue, paths.root, paths.datasetsFile, readFileSync(paths.datasetsFile, 'utf8'));
}

/** The same to see whether there is one; no result depends on which others there are. */
export const knownDatasets = (paths: Paths = projectPaths()) => readYaml(paths.datasetsFile, schema);

/** Where an entry says something, for errors. */
export const entryPlace = (path: readonly string[], { datasetsFile: file }: Paths): Location => ({
  file,
  line: yamlLine(file, path),
  field: path.join('.'),
});

/** The same in a sentence: `data/datasets.yaml:187`. */
export const entryLine = (path: readonly string[], paths: Paths): string =>
  `data/datasets.yaml:${entryPlace(path, paths).line}`;

/** One file of a release, with what an error about it has to say. */
export interface CatalogueFile extends ReleaseFile {
  readonly dataset: string;
  readonly title: string;
  readonly name: string;
}

/**
 * The files of a dataset, in the catalogue's order.
 *
 * @throws UserError if the catalogue has no such dataset or file.
 */
export function catalogueFiles(dataset: string, paths: Paths = projectPaths()): readonly CatalogueFile[] {
  const catalogue = readCatalogue(paths);
  const entry = Object.hasOwn(catalogue, dataset) ? catalogue[dataset] : undefined;
  if (!entry) {
    const known = Object.keys(catalogue);
    throw new UserError(`there is no dataset "${dataset}"`, {
      at: { file: paths.datasetsFile },
      hint: alternatives(dataset, known),
    });
  }
  return Object.entries(entry.files).map(([name, file]) => ({ ...file, dataset, title: entry.title, name }));
}

/**
 * One file of a dataset.
 *
 * @throws UserError if the catalogue has no such dataset or file.
 */
export function catalogueFile(dataset: string, name: string, paths: Paths = projectPaths()): CatalogueFile {
  const files = catalogueFiles(dataset, paths);
  const found = files.find((file) => file.name === name);
  if (!found) {
    throw new UserError(`the dataset ${dataset} has no file "${name}"`, {
      at: entryPlace([dataset, 'files'], paths),
      hint: didYouMean(
        name,
        files.map((file) => file.name),
      ),
    });
  }
  return found;
}
