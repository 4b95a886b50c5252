import { readFileSync, statSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import type { GgufInsights } from 'node-llama-cpp';
import { UserError } from '../../project/error.js';

/** What a process needs besides the model's file and its context: Node, llama.cpp, prompts and scores. */
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
 * Refuses a model that will not fit into memory with its context. Only for a model computed on the CPU: what a GPU
 * holds, llama.cpp's binding checks itself.
 *
 * @param context bytes of its context.
 * @param available bytes this process could take before the model was loaded.
 * @throws UserError saying what is needed, of what, and what there is.
 */
export function assertFits(path: string, context: number, available: number = availableBytes()): void {
  const file = statSync(path).size;
  const needed = file + context + OVERHEAD_BYTES;
  if (needed <= available) return;
  throw new UserError(
    `the model needs ${gibibytes(needed)} GiB of memory (${gibibytes(file)} for its file, ${gibibytes(context)} for ` +
      `its context, ${gibibytes(OVERHEAD_BYTES)} for the program); ${gibibytes(available)} GiB are free`,
    {
      at: { file: path },
      hint: 'Close other programs, or take a smaller model or a machine with more memory.',
    },
  );
}

const gibibytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);

/**
 * Bytes this process may still take: of the machine, or of its container if that has less. A container counts as taken
 * what is cached of files it has read, such as a model that was just verified; it is given back where memory is short.
 */
export function availableBytes(): number {
  const limit = process.constrainedMemory();
  if (!(limit > 0 && limit < totalmem())) return process.availableMemory();
  return Math.min(freemem(), process.availableMemory() + cachedBytes());
}

/** What a container of Linux (control group, version 2) has cached of files; 0 where that cannot be read. */
export function cachedBytes(statistics = '/sys/fs/cgroup/memory.stat'): number {
  try {
    const text = readFileSync(statistics, 'utf8');
    return [...text.matchAll(/^(?:in)?active_file (\d+)$/gm)].reduce(
      (sum, [, bytes]) => sum + Number(bytes),
      0,
    );
  } catch {
    return 0;
  }
}
