import { mkdirSync, statfsSync } from 'node:fs';
import type { GgufModel } from '../models/catalogue.js';
import type { HyperParameters, TrainingEntry } from '../models/training-entry.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import type { Schedule } from './trainer-config.js';
import type { TrainingMachine } from './training-machine.js';

/** What a training will take, roughly: within a factor of two where it has been tried. */
export interface Estimate {
  readonly seconds: number;
  /** Of the device's memory (the machine's, without a GPU). */
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

/** What a training's cost depends on. */
export interface Cost {
  readonly model: Pick<GgufModel, 'parameters'>;
  readonly entry: Pick<TrainingEntry, 'method'>;
  readonly hyper: HyperParameters;
  readonly machine: Pick<TrainingMachine, 'gpu' | 'flops'>;
  readonly plan: Schedule;
  /** Tokens of each row. */
  readonly lengths: readonly number[];
}

/** The part of the speed of large matrix products that a training reaches, and what unpacking 4-bit weights takes. */
export const REACHED = {
  cpu: { qlora: 0.4, lora: 0.6, full: 0.6, 'p-tuning': 0.6, 'prompt-tuning': 0.6, 'prefix-tuning': 0.6 },
  gpu: { qlora: 0.25, lora: 0.4, full: 0.4, 'p-tuning': 0.4, 'prompt-tuning': 0.4, 'prefix-tuning': 0.4 },
} as const;
/** Bytes a parameter: weights, and where they are trained their gradients and the optimiser's two moments. */
export const BYTES = {
  ...{ qlora: 1, lora: 4, full: 16 },
  ...{ 'p-tuning': 4, 'prompt-tuning': 4, 'prefix-tuning': 4 },
} as const;
/** Python, its libraries and the rows. */
export const PROGRAM_BYTES = 1.2e9;

/**
 * Time, memory and disk of a training. A token costs two operations a parameter forwards, two backwards, and two more
 * for each of gradients of all weights and of computing forwards again on a GPU (Kaplan et al. 2020, section 2.1).
 */
export function estimate({ model, entry: { method }, hyper, machine, plan, lengths }: Cost): Estimate {
  const parameters = parameterCount(model);
  const tokens = lengths.reduce((sum, length) => sum + length, 0) * hyper.epochs;
  const operations = parameters * tokens * (4 + (method === 'full' ? 2 : 0) + (machine.gpu ? 2 : 0));
  const speed = machine.flops * REACHED[machine.gpu ? 'gpu' : 'cpu'][method];
  const longest = Math.max(0, ...lengths) * plan.perDevice;
  // Of activations a token keeps about as many bytes as a thousandth of the parameters, times five; less by far where
  // they are computed again.
  const activations = longest * parameters * (machine.gpu ? 0.0005 : 0.005);
  const adapter = method === 'full' ? parameters * 4 : hyper.rank * Math.sqrt(parameters) * 120;
  return {
    seconds: operations / speed,
    memoryBytes: parameters * BYTES[method] + activations + PROGRAM_BYTES,
    diskBytes: adapter * (hyper.epochs + 3),
  };
}

/** The number that `135M`, `0.5B` or `3.8B` stands for. */
export function parameterCount({ parameters }: Pick<GgufModel, 'parameters'>): number {
  const [, number, unit] = /^([\d.]+)([MB])$/.exec(parameters) ?? [];
  if (number === undefined) throw new UserError(`"${parameters}" is no number of parameters, such as 135M`);
  return Number(number) * (unit === 'M' ? 1e6 : 1e9);
}

/** For people. */
export function estimateText(
  { seconds, memoryBytes, diskBytes }: Estimate,
  machine: TrainingMachine,
): string {
  const where = machine.gpu ? machine.name : 'one core';
  return `about ${duration(seconds)} on ${where}, ${gigabytes(memoryBytes)} of memory, ${gigabytes(diskBytes)} of disk`;
}

/**
 * What exporting and comparing an adapter takes besides: its model's weights as plain floats, twice on disk (for PEFT and
 * for llama.cpp; kept in the cache) and once in the machine's memory.
 */
export function releaseRoom(model: Pick<GgufModel, 'parameters'>): Omit<Estimate, 'seconds'> {
  const weights = parameterCount(model) * 4;
  return { memoryBytes: weights * 1.1 + PROGRAM_BYTES, diskBytes: weights * 2 };
}

/** @throws UserError if memory or disk will not suffice for a training. */
export function assertRoom(
  { memoryBytes, diskBytes }: Estimate,
  machine: TrainingMachine,
  { root }: Paths = projectPaths(),
): void {
  assertMemory('the training', memoryBytes, machine.gpu ? machine.bytes : process.availableMemory(), {
    whose: machine.gpu ? 'the GPU’s ' : '',
    hint: 'Take a smaller model, method: qlora, a smaller batch, or a machine with more.',
  });
  assertDisk('the training', diskBytes, root);
}

/**
 * @param cached whether the plain weights are there already.
 * @throws UserError if memory or disk will not suffice to export an adapter and compare it.
 */
export function assertReleaseRoom(
  model: Pick<GgufModel, 'parameters'>,
  cached: boolean,
  { modelCache }: Pick<Paths, 'modelCache'> = projectPaths(),
): void {
  const { memoryBytes, diskBytes } = releaseRoom(model);
  const hint = 'make train trains without it; release on a machine with more.';
  assertMemory('comparing the adapter', memoryBytes, process.availableMemory(), { hint });
  if (!cached) assertDisk('comparing the adapter', diskBytes, modelCache);
}

function assertMemory(
  what: string,
  needed: number,
  there: number,
  { whose = '', hint }: { readonly whose?: string; readonly hint: string },
): void {
  if (needed <= there) return;
  throw new UserError(
    `${what} needs about ${gigabytes(needed)} of ${whose}memory; there are ${gigabytes(there)}`,
    { hint },
  );
}

function assertDisk(what: string, needed: number, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  if (needed <= bavail * bsize) return;
  throw new UserError(
    `${what} needs about ${gigabytes(needed)} of disk; ${gigabytes(bavail * bsize)} are free`,
    { at: { file: folder } },
  );
}

/** For people. */
export const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds / 10) * 10} seconds`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} minutes` : `${(seconds / 3600).toFixed(1)} hours`;
}
