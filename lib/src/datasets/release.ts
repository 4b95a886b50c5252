import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Sha256, sha256, sha256File } from '../project/digest.js';
import { fetchVerified, NoSourceError, type Web } from '../project/download.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { type CatalogueFile, catalogueFile, catalogueFiles, entryLine, readCatalogue } from './catalogue.js';

/** Where releases are looked for. */
export interface ReleasePlaces {
  /** Default: the project the working directory is in. */
  readonly paths?: Paths;
  /** A folder laid out as DATASET/FILE, read in place; relative to the project's root. Default: DATA_MIRROR. */
  readonly mirror?: string;
  /** Default: the real one. */
  readonly web?: Web;
}

/** The verified bytes of a release's file and where they lie. */
export interface ReleaseBytes {
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * The bytes of one file of a release, from data/raw/DATASET/, else DATA_MIRROR/DATASET/, else the publisher's URL
 * (kept in data/raw). They are the ones hashed: what is returned has the SHA-256 of the catalogue.
 *
 * @throws UserError naming the dataset, every place tried and the command to run, or a file with another hash.
 */
export async function readRelease(
  dataset: string,
  name: string,
  places: ReleasePlaces = {},
): Promise<ReleaseBytes> {
  const { paths = projectPaths(), web } = places;
  const file = catalogueFile(dataset, name, paths);
  const raw = join(paths.raw, dataset, name);
  const mirrored = mirrorFile(file, places);
  for (const path of [raw, mirrored]) {
    if (path !== undefined && existsSync(path)) return readVerified(path, file, paths);
  }
  try {
    await fetchVerified(
      {
        sources: file.url === undefined ? [] : [file.url],
        sha256: file.sha256,
        destination: raw,
        title: titleOf(file),
      },
      web,
    );
  } catch (cause) {
    if (!(cause instanceof NoSourceError)) throw cause;
    throw missing(
      file,
      raw,
      [`${raw}: no such file`, mirrorTried(mirrored), ...cause.failures],
      cause,
      paths,
    );
  }
  return readVerified(raw, file, paths);
}

/** Whether a file of a release is where `readRelease` would read it, with the content that the catalogue says or another. Nothing is fetched. */
export async function releaseState(
  dataset: string,
  name: string,
  places: ReleasePlaces = {},
): Promise<'here' | 'other' | 'absent'> {
  const { paths = projectPaths() } = places;
  const file = catalogueFile(dataset, name, paths);
  const path = [join(paths.raw, dataset, name), mirrorFile(file, places)].find(
    (each) => each !== undefined && existsSync(each),
  );
  if (path === undefined) return 'absent';
  return (await sha256File(path)) === file.sha256 ? 'here' : 'other';
}

/**
 * Brings every file of the named datasets (default: all) into data/raw, from DATA_MIRROR or the publisher's URL,
 * verified. Files already there are verified again. One that cannot be had does not keep the others away.
 *
 * @returns the paths, in the catalogue's order.
 * @throws UserError naming each file that could not be had, and the places tried.
 */
export async function fetchDatasets(
  datasets: readonly string[] | undefined = undefined,
  places: ReleasePlaces = {},
): Promise<readonly string[]> {
  const { paths = projectPaths(), web } = places;
  const wanted = datasets ?? Object.keys(readCatalogue(paths));
  const fetched: string[] = [];
  const failures: string[] = [];
  let unreached = false;
  for (const file of wanted.flatMap((dataset) => catalogueFiles(dataset, paths))) {
    const mirrored = mirrorFile(file, places);
    const destination = join(paths.raw, file.dataset, file.name);
    const sources = [mirrored, file.url].filter((source) => source !== undefined);
    try {
      if (existsSync(destination)) assertContent(await sha256File(destination), destination, file, paths);
      const { path } = await fetchVerified(
        { sources, sha256: file.sha256, destination, title: titleOf(file) },
        web,
      );
      fetched.push(path);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const without = error instanceof NoSourceError;
      unreached ||= without;
      const own = file.url === undefined && without;
      failures.push(own ? `${error.message}\n    ${ownData(file, destination, paths)}` : error.message);
    }
  }
  if (failures.length > 0) {
    throw new UserError(
      failures.join('\n'),
      unreached
        ? { hint: 'Needed are a network, or DATA_MIRROR=FOLDER with the files as FOLDER/DATASET/FILE.' }
        : {},
    );
  }
  return fetched;
}

function mirrorFile({ dataset, name }: CatalogueFile, places: ReleasePlaces): string | undefined {
  const mirror = places.mirror ?? process.env['DATA_MIRROR'];
  // A notebook's kernel works in another folder than the `make` that was given the variable.
  return mirror ? resolve((places.paths ?? projectPaths()).root, mirror, dataset, name) : undefined;
}

const titleOf = ({ title, name }: CatalogueFile) => `${title} (${name})`;

const mirrorTried = (path: string | undefined) =>
  path === undefined ? 'DATA_MIRROR: not set' : `${path}: no such file`;

async function readVerified(path: string, file: CatalogueFile, paths: Paths): Promise<ReleaseBytes> {
  const bytes = await readFile(path);
  assertContent(sha256(bytes), path, file, paths);
  return { path, bytes };
}

/** @throws UserError of a file that hashes to something else than its entry says, with the line of the entry. */
function assertContent(found: Sha256, path: string, file: CatalogueFile, paths: Paths): void {
  if (found === file.sha256) return;
  const line = entryLine([file.dataset, 'files', file.name, 'sha256'], paths);
  throw new UserError(
    `not the ${file.title} release: sha256 is ${found}, expected ${file.sha256} (${line})`,
    {
      at: { file: path },
      hint:
        file.url === undefined
          ? `If it was changed on purpose, write its new sha256 into ${line}; else put the former file back.`
          : 'Remove or replace the file and run again.',
    },
  );
}

/** What to do about data of one's own. */
const ownData = ({ dataset, name }: CatalogueFile, raw: string, paths: Paths) =>
  `${entryLine([dataset, 'files', name], paths)} gives no URL for it: put the file at ${raw}.`;

function missing(
  file: CatalogueFile,
  raw: string,
  tried: readonly string[],
  cause: UserError,
  paths: Paths,
): UserError {
  const mirror = `set DATA_MIRROR=FOLDER where FOLDER/${file.dataset}/${file.name} is.`;
  return new UserError(`the dataset ${file.dataset} is missing (${file.name} of the ${file.title} release)`, {
    hint: [
      file.url === undefined
        ? `${ownData(file, raw, paths)} Or ${mirror}`
        : `Run \`make data\` with a network (its URL is at ${entryLine([file.dataset, 'files', file.name], paths)}), or ${mirror}`,
      ...['Tried:', ...tried].join('\n    ').split('\n'),
    ].join('\n  '),
    cause,
  });
}
