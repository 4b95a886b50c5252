import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type Sha256, sha256, sha256File } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { readText } from '../project/input-file.js';
import { noteInput } from '../project/ledger.js';
import { alternatives } from '../project/nearest.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { readYaml } from '../project/yaml.js';
import { adapterTraining } from './adapter-training.js';
import { fileName, sha256Field } from './catalogue.js';

const schema = z.strictObject({
  title: z.string().min(1),
  /** The id, in `data/models.yaml`, of the model it was trained on. */
  model: z.string().min(1),
  /** What scores it: llama.cpp an adapter in GGUF, transformers what PEFT tuned or whole weights. */
  provider: z.enum(['gguf', 'transformers']).default('gguf'),
  /** For transformers: the file of weights, beside which lie those that `training` names. */
  file: fileName,
  sha256: sha256Field,
  /** How it was made, if by `make adapters`. */
  training: adapterTraining.optional(),
});

/** What was tuned of a model, a LoRA adapter in GGUF as a rule: the manifest `data/adapters/ID/adapter.yaml`. */
export type Adapter = z.output<typeof schema> & { readonly id: string };

/** An adapter's file, verified. */
export interface AdapterFile {
  readonly id: string;
  readonly path: string;
  readonly sha256: Sha256;
}

/** The ids of the adapters there are: the folders of `data/adapters` that hold a manifest. */
export function adapterIds({ adapters }: Paths = projectPaths()): readonly string[] {
  if (!existsSync(adapters)) return [];
  return readdirSync(adapters)
    .filter((id) => existsSync(join(adapters, id, MANIFEST)))
    .sort();
}

/**
 * An adapter by its id, the name of its folder in `data/adapters`: what its manifest says of it, how it was trained among
 * that. Its file need not be there.
 *
 * @throws UserError naming the nearest id if there is none, or file, line and field of a mistake in its manifest.
 *
 * @example
 * const { model, training } = findAdapter('smollm2-135m-scifact-seed1');
 * [model, training?.hyper.epochs]; // -> ['smollm2-135m-instruct', 2]
 */
export function findAdapter(id: string, paths: Paths = projectPaths()): Adapter {
  const known = adapterIds(paths);
  if (!known.includes(id)) {
    throw new UserError(`there is no adapter "${id}"`, {
      at: { file: paths.adapters },
      hint: `${alternatives(id, known)} An adapter is a folder there with ${MANIFEST}.`,
    });
  }
  const file = join(paths.adapters, id, MANIFEST);
  noteInput(paths.root, file, sha256(readText(file)));
  return { id, ...readYaml(file, schema) };
}

/**
 * The verified file of an adapter: beside its manifest, else in MODELS_DIR, else in the cache.
 *
 * @throws UserError naming where it was looked for, or a file with another hash.
 */
export async function locateAdapter(adapter: Adapter, paths: Paths = projectPaths()): Promise<AdapterFile> {
  const places = adapterPlaces(adapter, paths);
  const path = places.find((place) => existsSync(place));
  if (path === undefined) {
    throw new UserError(`the adapter ${adapter.title} is missing`, {
      hint: ['Put it into one of:', ...places].join('\n  '),
    });
  }
  const found = await sha256File(path);
  if (found !== adapter.sha256) {
    throw new UserError(`not ${adapter.title}: sha256 is ${found}, expected ${adapter.sha256}`, {
      at: { file: path },
      hint: 'Replace the file by the one its manifest names.',
    });
  }
  return { id: adapter.id, path, sha256: found };
}

/** Where the file of an adapter may lie, in the order in which it is looked for. */
export function adapterPlaces(adapter: Adapter, paths: Paths): readonly string[] {
  const given = process.env['MODELS_DIR'];
  // Whole weights lie in a folder of their own.
  const own = adapter.provider === 'gguf' ? '' : adapter.id;
  const kept = [...(given ? [resolve(given)] : []), paths.modelCache].map((folder) => join(folder, own));
  const folders = [join(paths.adapters, adapter.id), ...kept];
  return folders.map((folder) => join(folder, adapter.file));
}

/** The manifest's name in an adapter's folder. */
export const MANIFEST = 'adapter.yaml';
