import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { GgufModel } from '../models/catalogue.js';
import { locateModel } from '../models/locate.js';
import { pinModel } from '../models/pin.js';
import { makePlainFolder, plainFolder } from '../models/plain-folder.js';
import { beginsFromFile, type TrainingEntry } from '../models/training-entry.js';
import { withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { askPython } from '../project/python.js';
import { llamaSource } from '../scoring/llama-tools.js';

/** A model's weights as plain 32-bit floats, which every peer can read without rounding. */
export interface PlainWeights {
  /** For Hugging Face's transformers. */
  readonly folder: string;
  /** For llama.cpp. */
  readonly gguf: string;
}

/** Dequantises a GGUF file, once: both forms are kept beside the models, in the cache. */
export async function plainWeights(
  python: string,
  file: string,
  sha256: string,
  paths: Paths = projectPaths(),
): Promise<PlainWeights> {
  const folder = await makePlainFolder(python, file, sha256, paths);
  const gguf = plainGguf(sha256, paths);
  return withLock(`${gguf}.lock`, async () => {
    if (existsSync(gguf)) return { folder, gguf };
    const convert = join(await llamaSource(paths), 'convert_hf_to_gguf.py');
    const half = `${gguf}.half`;
    await askPython(python, [convert, folder, '--outtype', 'f32', '--outfile', half]);
    renameSync(half, gguf);
    return { folder, gguf };
  });
}

/** Where the plain weights of a GGUF file are kept for llama.cpp, once they have been made. */
export const plainGguf = (sha256: string, paths: Paths) => join(plainFolder(sha256, paths), 'model-f32.gguf');

/** Where a training begins. */
export interface BaseWeights {
  /** In Hugging Face's layout. */
  readonly folder: string;
  /** `hub`: as published; `gguf`: dequantised from the file that is scored. */
  readonly from: 'hub' | 'gguf';
  /** The name on the hub, with the commit, or the model's file. */
  readonly name: string;
}

/**
 * The weights that a training of a model begins from. An adapter on plain weights learns on those of the GGUF file,
 * dequantised, since on these it is scored. So does all that transformers scores but whole weights. Else they are the published ones, if the model names them and the hub can be
 * reached or has been, and the file's if not.
 */
export async function baseWeights(
  python: string,
  model: GgufModel,
  entry: Pick<TrainingEntry, 'method' | 'provider'>,
  paths: Paths = projectPaths(),
): Promise<BaseWeights> {
  const published = beginsFromFile(entry) ? undefined : await hubWeights(python, model, paths);
  if (published) return published;
  const pinned = await pinModel(model, paths);
  const { path } = await locateModel(pinned, paths);
  const { folder } = await plainWeights(python, path, pinned.sha256, paths);
  return { folder, from: 'gguf', name: model.file };
}

async function hubWeights(
  python: string,
  { base, title }: GgufModel,
  paths: Paths,
): Promise<BaseWeights | undefined> {
  if (!base) return undefined;
  const { hub, revision } = base;
  const found = await execa(python, [join(paths.python, 'hub_weights.py'), hub, revision], {
    reject: false,
    timeout: 3_600_000,
  });
  const folder = found.stdout.trim().split('\n').at(-1) ?? '';
  if (found.failed || !existsSync(folder)) {
    process.stderr.write(`${title}: ${hub} could not be had; the weights of the GGUF file are dequantised\n`);
    return undefined;
  }
  // The hub's cache keeps a folder a commit.
  return { folder, from: 'hub', name: `${hub}@${folder.split('/').at(-1)}` };
}
