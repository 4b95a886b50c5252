import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { adapterIds, adapterPlaces, findAdapter } from '../models/adapters.js';
import { findModel, type GgufModel, type TransformersModel } from '../models/catalogue.js';
import { weightsAreHere } from '../models/compute.js';
import { isGguf, partsOf } from '../models/transformers-weights.js';
import { type FolderModel, presentFolder } from '../models/weights-folder.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { findTrainingPrograms } from '../project/python.js';
import type { Json, RecordHeader } from '../records/header.js';

/**
 * What is not on this machine of what a record is made from, in words: models, adapters, and files of data sets. Nothing
 * is downloaded to find out.
 */
export function missingFor(header: RecordHeader, paths: Paths): readonly string[] {
  const files = [...new Set(filesOf(header))].filter((file) => !hasRelease(file, paths));
  const missing = files.map(missingFile);
  const [model, adapter] = [modelOf(header), idOf(header['adapter'])];
  const reasons = [
    model === undefined ? undefined : missingModel(model, paths),
    adapter === undefined ? undefined : missingAdapter(adapter, paths),
    isTrained(header) ? missingTrainer(paths) : undefined,
    header.kind === 'epochs' || header.kind === 'trials' ? 'what a training left (make adapters)' : undefined,
  ];
  return [...missing, ...reasons.filter((reason) => reason !== undefined)];
}

/** The model whose answers a record holds; undefined of records of no model's answers. */
export const modelOf = (header: RecordHeader): string | undefined =>
  header.kind === 'run' || header.kind === 'generation' ? idOf(header['model']) : undefined;

/** The same of one file of a data set, `DATASET/FILE`. */
export const missingFile = (file: string) => `the data file ${file} (make data, or DATA_MIRROR)`;

const idOf = (made: Json = null): string | undefined =>
  isObject(made) && typeof made['id'] === 'string' ? made['id'] : undefined;

/** Whether its scores are those of an encoder, which is trained to make them. */
const isTrained = ({ training = null }: RecordHeader) =>
  isObject(training) && training['method'] === 'encoder';

const missingTrainer = (paths: Paths) =>
  findTrainingPrograms(paths) ? undefined : 'the Python that trains (make train-python)';

/**
 * Why a model cannot be asked on this machine as it is, in words; undefined where it can. Nothing is downloaded to find out.
 *
 * @throws UserError for a model that `data/models.yaml` has not.
 *
 * @example
 * missingModel('gpt-4o'); // -> 'the model gpt-4o, which is asked over an API'
 */
export function missingModel(id: string, paths: Paths = projectPaths()): string | undefined {
  const model = findModel(id, paths);
  if (model.provider === 'openai') return `the model ${id}, which is asked over an API`;
  if (model.provider === 'transformers') return missingParts(model, paths);
  return isHere(model, paths) ? undefined : `the model ${id} (make models, or MODELS_DIR)`;
}

function missingParts(model: TransformersModel, paths: Paths): string | undefined {
  const { weights, peft } = partsOf(model, paths);
  const missing = [weights, peft].find((part) => part && !isHere(part, paths));
  return missing ? `the model ${missing.id} (make models, or MODELS_DIR)` : missingTrainer(paths);
}

const isHere = (weights: FolderModel | GgufModel, paths: Paths): boolean =>
  isGguf(weights) ? weightsAreHere(weights, paths) : presentFolder(weights, paths) !== undefined;

function missingAdapter(id: string, paths: Paths): string | undefined {
  if (!adapterIds(paths).includes(id)) return `the adapter ${id}, which data/adapters does not name`;
  const places = adapterPlaces(findAdapter(id, paths), paths);
  return places.some((place) => existsSync(place)) ? undefined : `the adapter ${id} (make adapters)`;
}

/** Whether a file of a release, `DATASET/FILE`, is here, whatever is in it. */
export function hasRelease(file: string, { root, raw }: Paths): boolean {
  const mirror = process.env['DATA_MIRROR'];
  return existsSync(join(raw, file)) || (!!mirror && existsSync(resolve(root, mirror, file)));
}

/** `DATASET/FILE` of every build a header speaks of. */
function filesOf(value: Json): string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'files' && isObject(inner) ? Object.keys(inner) : filesOf(inner),
  );
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
