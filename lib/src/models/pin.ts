import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../project/atomic.js';
import type { Sha256 } from '../project/digest.js';
import { type Paths, projectPaths } from '../project/paths.js';
import type { GgufModel } from './catalogue.js';
import { locateModel } from './locate.js';

/** A model whose file's hash is known. */
export type PinnedModel = GgufModel & { readonly sha256: Sha256 };

/**
 * The model with its hash: the catalogue's, else the one kept when its file was first downloaded, else downloads the
 * file now and keeps its hash in `data/pins.json`, so that a later download of other bytes is refused.
 */
export async function pinModel(model: GgufModel, paths: Paths = projectPaths()): Promise<PinnedModel> {
  const known = model.sha256 ?? readPins(paths)[model.id];
  if (known !== undefined) return { ...model, sha256: known };
  const { sha256 } = await locateModel(model, paths);
  const pins = { ...readPins(paths), [model.id]: sha256 };
  writeFileAtomic(pinsFile(paths), `${JSON.stringify(pins, null, 2)}\n`);
  process.stderr.write(`${model.title}: pinned to sha256 ${sha256} in data/pins.json\n`);
  return { ...model, sha256 };
}

/** Hashes kept at first download, by model id. */
function readPins(paths: Paths): Readonly<Record<string, Sha256>> {
  return existsSync(pinsFile(paths)) ? JSON.parse(readFileSync(pinsFile(paths), 'utf8')) : {};
}

const pinsFile = (paths: Paths) => join(paths.data, 'pins.json');
