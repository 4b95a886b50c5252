import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { GgufModel } from '../models/catalogue.js';
import { locateModel } from '../models/locate.js';
import { pinModel } from '../models/pin.js';
import type { TrainingEntry } from '../models/training-entry.js';
import { withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { llamaSource } from '../scoring/llama-tools.js';
import { askPython } from './python.js';

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
  gguf: string,
  sha256: string,
  paths: Paths = projectPaths(),
): Promise<PlainWeights> {
  const folder = plainFolder(sha256, paths);
  const made: PlainWeights = { folder, gguf: join(folder, 'model-f32.gguf') };
  return withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return made;
    process.stderr.write('dequantising the model (once) ...\n');
    const half = `${folder}.half`;
    rmSync(half, { recursive: true, force: true });
    mkdirSync(half, { recursive: true });
    await askPython(python, [join(paths.python, 'plain_weights.py'), gguf, half]);
    const convert = join(await llamaSource(paths), 'convert_hf_to_gguf.py');
    const gguf32 = join(half, 'model-f32.gguf');
    await askPython(python, [convert, half, '--outtype', 'f32', '--outfile', gguf32]);
    renameSync(half, folder);
    return made;
  });
}

/** Where the plain weights of a GGUF file are kept, once they have been made. */
export const plainFolder = (sha256: string, { modelCache }: Paths) =>
  join(modelCache, `${sha256.slice(0, 12)}.f32`);

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
 * dequantised, since on these it is scored. Else they are the published ones, if the model names them and the hub can be
 * reached or has been, and the file's if not.
 */
export async function baseWeights(
  python: string,
  model: GgufModel,
  method: TrainingEntry['method'],
  paths: Paths = projectPaths(),
): Promise<BaseWeights> {
  const published = method === 'lora' ? undefined : await hubWeights(python, model, paths);
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
