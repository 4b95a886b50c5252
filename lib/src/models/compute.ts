import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Sha256, sha256File } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { progress } from '../project/progress.js';
import type { GgufModel } from './catalogue.js';
import { convertGguf } from './gguf/conversion.js';
import type { WeightFormat } from './gguf/formats.js';
import { locateModel, type ModelFile, presentModel } from './locate.js';
import { keepPins, knownHash, type PinnedModel, pinModel, readPins } from './pin.js';

/** The weights that a model computes with, as a header has them: those of its file, or that file turned into a format. */
export interface Weights {
  readonly sha256: Sha256;
  readonly compute?: {
    readonly format: WeightFormat;
    readonly sha256: Sha256;
    /** What keys and values are kept in. */
    readonly cache: 'F16' | 'F32';
  };
}

/**
 * What keys and values are kept in: with weights in 32 bits all is in 32, so that a score does not depend on the
 * processor but for its last digits; else in 16, as llama.cpp has it.
 */
export const cacheOf = (model: GgufModel): 'F16' | 'F32' => (formatOf(model) === 'f32' ? 'F32' : 'F16');

/** A model's weights, if their hashes are known without downloading or turning a file. */
export function knownWeights(model: GgufModel, paths: Paths = projectPaths()): Weights | undefined {
  const sha256 = knownHash(model, paths);
  const format = formatOf(model);
  if (sha256 === undefined || format === undefined) return sha256 && { sha256 };
  const turned = knownTurned(model, format, paths);
  return turned && { sha256, compute: { format, sha256: turned, cache: cacheOf(model) } };
}

/** Learns the hashes that nobody knows yet, and keeps them in `data/pins.json`. */
export async function pinWeights(model: GgufModel, paths: Paths = projectPaths()): Promise<void> {
  const pinned = await pinModel(model, paths);
  const format = formatOf(model);
  if (format !== undefined && knownTurned(model, format, paths) === undefined)
    await locateWeights(pinned, paths);
}

/**
 * The verified file that a model computes with. Where that is not its own, it is turned into the format once, and kept
 * beside the models in the cache: weights are dequantised as llama.cpp does it, so that nothing is lost but speed is won.
 *
 * @throws UserError where the file cannot be had or turned, or becomes other bytes than it once did.
 */
export async function locateWeights(model: PinnedModel, paths: Paths = projectPaths()): Promise<ModelFile> {
  const format = formatOf(model);
  if (format === undefined) return locateModel(model, paths);
  const expected = knownTurned(model, format, paths);
  const file = await turnedFile(model, format, expected, paths);
  if (expected === undefined) await keepPins({ [pinName(model, format)]: file.sha256 }, paths);
  return file;
}

/** Whether what a model computes with is on this machine, or the file that it is made from. */
export function weightsAreHere(model: GgufModel, paths: Paths): boolean {
  if (presentModel(model, paths) !== undefined) return true;
  const known = knownWeights(model, paths);
  return known?.compute !== undefined && existsSync(turnedPath(known.sha256, known.compute.format, paths));
}

const turnedPath = (sha256: Sha256, format: WeightFormat, { modelCache }: Paths) =>
  join(modelCache, `${sha256.slice(0, 12)}.${format}.gguf`);

/** A model's file turned into a format, which pins nothing. @param expected its hash, where that is known. */
export async function turnedFile(
  model: PinnedModel,
  format: WeightFormat,
  expected: Sha256 | undefined,
  paths: Paths = projectPaths(),
): Promise<ModelFile> {
  const path = turnedPath(model.sha256, format, paths);
  const ready = async (): Promise<ModelFile | undefined> => {
    if (!existsSync(path)) return undefined;
    const sha256 = await sha256File(path);
    return expected === undefined || sha256 === expected ? { path, sha256 } : undefined;
  };
  const made = async (): Promise<ModelFile> => {
    const there = await ready();
    if (there) return there;
    const sha256 = await turn(model, format, path, paths);
    if (expected === undefined || sha256 === expected) return { path, sha256 };
    throw new UserError(`${model.title} as ${format}: sha256 is ${sha256}, expected ${expected}`, {
      at: { file: path },
      hint: 'It was pinned with another version of this software, or of another file.',
    });
  };
  const waiting = (pid: number) => process.stderr.write(`${model.title}: process ${pid} turns it, waiting\n`);
  return (await ready()) ?? (await withLock(`${path}.lock`, made, waiting));
}

async function turn(model: PinnedModel, format: WeightFormat, path: string, paths: Paths): Promise<Sha256> {
  const source = await locateModel(model, paths);
  let shown: ReturnType<typeof progress> | undefined;
  try {
    return await convertGguf(source.path, path, format, (more, count) => {
      shown ??= progress(`${model.title} as ${format}`, count, 'weights');
      shown.advance(more);
    });
  } finally {
    shown?.done();
  }
}

/** What a model computes with where its entry does not say. */
const DEFAULT = 'as-is';

function formatOf({ compute: { format } = { format: DEFAULT } }: GgufModel): WeightFormat | undefined {
  return format === 'as-is' ? undefined : format;
}

const knownTurned = (model: GgufModel, format: WeightFormat, paths: Paths): Sha256 | undefined =>
  model.compute?.sha256 ?? readPins(paths)[pinName(model, format)];

const pinName = ({ id }: GgufModel, format: WeightFormat) => `${id}/${format}`;
