import type { Sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { findModel, type GgufModel, type TransformersModel } from './catalogue.js';
import { locateModel } from './locate.js';
import { knownHash, pinModel } from './pin.js';
import { makePlainFolder } from './plain-folder.js';
import { type FolderModel, folderHash, locateFolder } from './weights-folder.js';

/** What stands for a model's weights in a header, and for what PEFT tuned on them if it did. */
export interface WeightsHashes {
  readonly weights: Sha256;
  readonly peft: Sha256 | null;
}

/** The same as folders in Hugging Face's layout. */
export interface WeightsFolders {
  readonly weights: string;
  readonly peft: string | null;
}

/** What a model's weights are made of: a folder or a GGUF file, and the files of PEFT if there are any. */
export function partsOf(
  model: TransformersModel,
  paths: Paths = projectPaths(),
): { readonly weights: FolderModel | GgufModel; readonly peft: FolderModel | undefined } {
  const { base: id, files, ...described } = model;
  const own = files && { ...described, files };
  if (id === undefined) {
    if (!own) throw new Error(`${model.id} names no files`);
    return { weights: own, peft: undefined };
  }
  const base = findModel(id, paths);
  if (base.provider === 'gguf') return { weights: base, peft: own };
  if (base.provider === 'transformers' && base.base === undefined && base.files)
    return { weights: { ...base, files: base.files }, peft: own };
  throw new UserError(`${base.id} has no weights of its own that ${model.id} could be tuned on`, {
    at: { file: paths.modelsFile, field: `${model.id}.base` },
    hint: 'Name a model of the provider gguf, or one of the provider transformers that has no base itself.',
  });
}

/** The hashes of a model's weights; undefined where one is not known before they are fetched. */
export function weightsHashes(
  model: TransformersModel,
  paths: Paths = projectPaths(),
): WeightsHashes | undefined {
  const parts = partsOf(model, paths);
  const weights = isGguf(parts.weights) ? knownHash(parts.weights, paths) : folderHash(parts.weights, paths);
  const peft = parts.peft ? folderHash(parts.peft, paths) : null;
  return weights === undefined || peft === undefined ? undefined : { weights, peft };
}

/** Fetches what a model is made of, and pins what has no hash yet. @returns its files and folders, verified. */
export async function fetchWeights(
  model: TransformersModel,
  paths: Paths = projectPaths(),
): Promise<readonly string[]> {
  const { weights, peft } = partsOf(model, paths);
  const first = isGguf(weights)
    ? (await locateModel(await pinModel(weights, paths), paths)).path
    : await locateFolder(weights, paths);
  return peft ? [first, await locateFolder(peft, paths)] : [first];
}

/**
 * The verified folders of a model's weights; a GGUF file is dequantised into one, once.
 *
 * @param python that dequantises. @throws UserError naming what was tried where.
 */
export async function foldersOf(
  model: TransformersModel,
  python: string,
  paths: Paths = projectPaths(),
): Promise<WeightsFolders> {
  const { weights, peft } = partsOf(model, paths);
  return {
    weights: await folderOf(weights, python, paths),
    peft: peft ? await locateFolder(peft, paths) : null,
  };
}

async function folderOf(weights: FolderModel | GgufModel, python: string, paths: Paths): Promise<string> {
  if (!isGguf(weights)) return locateFolder(weights, paths);
  const { path, sha256 } = await locateModel(await pinModel(weights, paths), paths);
  return makePlainFolder(python, path, sha256, paths);
}

/** Whether weights are a GGUF file. */
export const isGguf = (weights: FolderModel | GgufModel): weights is GgufModel => 'sources' in weights;
