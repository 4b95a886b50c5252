import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isSha256, type Sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { notingReads } from '../project/ledger.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { readYaml } from '../project/yaml.js';

/** A file of a release as its publisher ships it. */
export interface ReleaseFile {
  readonly url: string;
  readonly sha256: Sha256;
}

/** A dataset's entry in `data/datasets.yaml`. */
export interface CatalogueEntry {
  readonly title: string;
  readonly homepage: string;
  readonly licence: string;
  /** By file name. */
  readonly files: Readonly<Record<string, ReleaseFile>>;
}

const releaseFile = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  sha256: z.custom<Sha256>(
    (value) => typeof value === 'string' && isSha256(value),
    'must be 64 lower-case hexadecimal digits',
  ),
});

// A name becomes a folder or file name on disk, so it may not lead elsewhere.
const name = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i, 'must be letters, digits, dot, dash or underscore');

const catalogueSchema = z.record(
  name,
  z.strictObject({
    title: z.string().min(1),
    homepage: z.url(),
    licence: z.string().min(1),
    files: z.record(name, releaseFile),
  }),
);

/**
 * The datasets of `data/datasets.yaml`, by name.
 *
 * @throws UserError naming file, line and field of a mistake in it.
 */
export function readCatalogue(paths: Paths = projectPaths()): Readonly<Record<string, CatalogueEntry>> {
  const catalogue = readYaml(paths.datasetsFile, catalogueSchema);
  return notingReads(catalogue, paths.root, paths.datasetsFile, readFileSync(paths.datasetsFile, 'utf8'));
}

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
  const entry = catalogue[dataset];
  if (!entry) {
    throw new UserError(`there is no dataset "${dataset}"`, {
      at: { file: paths.datasetsFile },
      hint: `Known: ${Object.keys(catalogue).join(', ')}.`,
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
      at: { file: paths.datasetsFile },
      hint: `It has ${files.map((file) => file.name).join(', ')}.`,
    });
  }
  return found;
}
