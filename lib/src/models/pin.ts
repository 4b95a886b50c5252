import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../project/atomic.js';
import { type Sha256, sha256 } from '../project/digest.js';
import { readText } from '../project/input-file.js';
import { noteInput } from '../project/ledger.js';
import { withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { parseYaml } from '../project/yaml.js';
import { type GgufModel, sha256Field } from './catalogue.js';
import { locateModel } from './locate.js';

/** Hashes kept at first download, by model id. */
const schema = z.record(z.string(), sha256Field);

/** A model whose file's hash is known. */
export type PinnedModel = GgufModel & { readonly sha256: Sha256 };

/**
 * The model with its hash: the catalogue's, else the one kept when its file was first downloaded, else downloads the
 * file now and keeps its hash in `data/pins.json`, so that a later download of other bytes is refused.
 *
 * @throws UserError naming file, line and field of a mistake in `data/pins.json`.
 */
export async function pinModel(model: GgufModel, paths: Paths = projectPaths()): Promise<PinnedModel> {
  const known = knownHash(model, paths) ?? (await keepPin(model, paths));
  return { ...model, sha256: known };
}

/** A model's hash, if it is known without downloading its file. */
export function knownHash(model: GgufModel, paths: Paths = projectPaths()): Sha256 | undefined {
  return model.sha256 ?? readPins(paths)[model.id];
}

/** Of several processes that pin a model, the first one's hash holds. */
async function keepPin(model: GgufModel, paths: Paths): Promise<Sha256> {
  const { sha256: found } = await locateModel(model, paths);
  const pins = await keepPins({ [model.id]: found }, paths);
  return pins[model.id] ?? found;
}

/** Keeps hashes, by model id or `ID/FILE`; those kept already stay. @returns all that are kept. */
export function keepPins(
  found: Readonly<Record<string, Sha256>>,
  paths: Paths,
): Promise<Readonly<Record<string, Sha256>>> {
  return withLock(join(paths.build, 'locks', 'pins'), async () => {
    const pins = readPins(paths);
    const news = Object.entries(found).filter(([name]) => pins[name] === undefined);
    if (news.length === 0) return pins;
    const all = { ...Object.fromEntries(news), ...pins };
    const text = `${JSON.stringify(all, null, 2)}\n`;
    writeFileAtomic(pinsFile(paths), text);
    noteInput(paths.root, pinsFile(paths), sha256(text));
    for (const [name, hash] of news)
      process.stderr.write(`${name}: pinned to sha256 ${hash} in data/pins.json\n`);
    return all;
  });
}

/** JSON is YAML, whose reader knows the line of a mistake. */
export function readPins(paths: Paths): Readonly<Record<string, Sha256>> {
  const file = pinsFile(paths);
  if (!existsSync(file)) return {};
  const text = readText(file);
  noteInput(paths.root, file, sha256(text));
  return parseYaml(text, file, schema);
}

const pinsFile = (paths: Paths) => join(paths.data, 'pins.json');
