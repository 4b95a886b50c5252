import { statSync } from 'node:fs';
import { totalmem } from 'node:os';
import type { GgufInsights } from 'node-llama-cpp';
import { UserError } from '../../project/error.js';

/**
 * What a process needs besides the model's file and its context: Node, llama.cpp, prompts and scores.
 * @internal
 */
export const OVERHEAD_BYTES = 300 * 2 ** 20;

/** What the memory of a context depends on, besides the model. */
export interface ContextShape {
  /** Tokens a sequence. */
  readonly contextSize: number;
  /** Tokens evaluated at a time. */
  readonly batchSize: number;
  readonly sequences: number;
  /** What keys and values are kept in; default: sixteen bits. */
  readonly cache?: 'F16' | 'F32' | undefined;
}

/**
 * Bytes of memory that a context takes on the CPU: keys and values of its tokens, and the buffers of a batch. llama.cpp
 * lays it out for that, without taking the memory.
 */
export async function contextBytes(model: GgufInsights, shape: ContextShape): Promise<number> {
  const { GgmlType } = await import('node-llama-cpp');
  const { cache, ...size } = shape;
  const { cpuRam } = await model.estimateContextResourceRequirementsV2({
    ...size,
    ...(cache && { kvCacheKeyType: GgmlType[cache], kvCacheValueType: GgmlType[cache] }),
    modelGpuLayers: 0,
    flashAttention: false,
  });
  return cpuRam;
}

/**
 * Refuses a model that does not fit into the machine's memory with its context, and warns of one that does not fit into
 * what is free of it: how much that is, systems count differently, and cached files are given back where memory is short.
 * Only for a model computed on the CPU: what a GPU holds, llama.cpp's binding checks itself.
 *
 * @param files of the model and its adapter. @param context bytes of its context.
 * @throws UserError saying what is needed, of what, and what there is.
 */
export function assertFits(files: readonly string[], context: number, memory: Memory = memoryHere()): void {
  const weights = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const needed = weights + context + OVERHEAD_BYTES;
  if (needed <= memory.free) return;
  const [file = ''] = files;
  const needs =
    `the model needs ${gibibytes(needed)} GiB of memory (${gibibytes(weights)} for its weights, ` +
    `${gibibytes(context)} for its context, ${gibibytes(OVERHEAD_BYTES)} for the program)`;
  if (needed > memory.total) {
    throw new UserError(`${needs}; there are ${gibibytes(memory.total)} GiB`, {
      at: { file },
      hint: 'Take a smaller model, or a machine with more memory.',
    });
  }
  process.stderr.write(
    `${file}: ${needs}; only ${gibibytes(memory.free)} of ${gibibytes(memory.total)} GiB are free. ` +
      'Should it become slow or be killed, close other programs.\n',
  );
}

const gibibytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);

/** Bytes of memory: of the machine, or of the container this process is in if that has less. */
export interface Memory {
  readonly total: number;
  /** What this process can still take, as the system counts it. */
  readonly free: number;
}

export function memoryHere(): Memory {
  const limit = process.constrainedMemory();
  const total = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return { total, free: Math.min(total, process.availableMemory()) };
}
