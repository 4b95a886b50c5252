import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { adapterPlaces, findAdapter } from '../models/adapters.js';
import { findModel } from '../models/catalogue.js';
import type { Paths } from '../project/paths.js';
import type { Json, RecordHeader } from '../records/header.js';

/**
 * What is not on this machine of what a record is made from, in words: models, and files of data sets. Nothing is
 * downloaded to find out.
 */
export function missingFor(header: RecordHeader, paths: Paths): readonly string[] {
  const files = [...new Set(filesOf(header))].filter((file) => !hasRelease(file, paths));
  const missing = files.map((file) => `the data file ${file} (make data, or DATA_MIRROR)`);
  const model = header['model'] ?? null;
  const ofModel = header.kind === 'run' || header.kind === 'generation';
  if (ofModel && isObject(model) && typeof model['id'] === 'string') {
    const reason = missingModel(model['id'], paths);
    if (reason !== undefined) missing.push(reason);
  }
  const adapter = header['adapter'] ?? null;
  if (isObject(adapter) && typeof adapter['id'] === 'string') {
    const places = adapterPlaces(findAdapter(adapter['id'], paths), paths);
    if (!places.some((place) => existsSync(place)))
      missing.push(`the adapter ${adapter['id']} (make adapters)`);
  }
  return missing;
}

/** The same of one model. */
export function missingModel(id: string, paths: Paths): string | undefined {
  const model = findModel(id, paths);
  if (model.provider !== 'gguf') return `the model ${id}, which is asked over an API`;
  const folders = [process.env['MODELS_DIR'], paths.modelCache].filter((folder) => folder !== undefined);
  if (folders.some((folder) => existsSync(join(resolve(folder), model.file)))) return undefined;
  return `the model ${id} (make models, or MODELS_DIR)`;
}

function hasRelease(file: string, { root, raw }: Paths): boolean {
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
