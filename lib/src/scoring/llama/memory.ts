import { statSync } from 'node:fs';
import { UserError } from '../../project/error.js';

/** What a process needs besides the model's file and its context: Node, llama.cpp, prompts and scores. */
export const OVERHEAD_BYTES = 300 * 2 ** 20;

/**
 * Refuses a model that will not fit into memory, before it is loaded. Only for a model computed on the CPU: what a GPU
 * holds, llama.cpp's binding checks itself.
 *
 * @param available bytes this process may still take; default: of the machine, or of its container if that has less.
 * @throws UserError saying what is needed and what there is.
 */
export function assertFits(path: string, available: number = process.availableMemory()): void {
  const needed = statSync(path).size + OVERHEAD_BYTES;
  if (needed <= available) return;
  throw new UserError(
    `the model needs ${gibibytes(needed)} GiB of memory; ${gibibytes(available)} GiB are free`,
    {
      at: { file: path },
      hint: 'Close other programs, or take a smaller model or a machine with more memory.',
    },
  );
}

const gibibytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
