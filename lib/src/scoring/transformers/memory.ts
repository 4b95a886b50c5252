import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { TransformersModel } from '../../models/catalogue.js';
import { UserError } from '../../project/error.js';
import { type Memory, memoryHere } from '../llama/memory.js';

/** Python, PyTorch and transformers, with a batch's activations. */
const PROGRAM_BYTES = 700 * 2 ** 20;

const config = z.object({
  dtype: z.string().optional(),
  torch_dtype: z.string().optional(),
  num_hidden_layers: z.number().optional(),
  num_attention_heads: z.number().optional(),
  num_key_value_heads: z.number().optional(),
  hidden_size: z.number().optional(),
  head_dim: z.number().optional(),
});

/** Bytes of a number; of `auto` as few as it may turn out. */
const BYTES = { auto: 2, bfloat16: 2, float32: 4, nf4: 0.6 } as const;

/**
 * Refuses a model that does not fit into this machine's memory, before Python is started. Of a GPU's, PyTorch tells.
 *
 * @param folder of its weights. @param tokens of a batch, whose keys and values are kept.
 * @throws UserError saying what is needed, and what there is.
 */
export function assertRoom(
  folder: string,
  { title, dtype }: Pick<TransformersModel, 'title' | 'dtype'>,
  tokens: number,
  { total }: Memory = memoryHere(),
): void {
  const known = config.parse(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')));
  const stored = (known.dtype ?? known.torch_dtype ?? 'float32') === 'float32' ? 4 : 2;
  const files = readdirSync(folder).filter((file) => /\.(?:safetensors|bin)$/.test(file));
  const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  const weights = (bytes * BYTES[dtype]) / stored;
  const { num_hidden_layers: layers = 0, num_attention_heads: heads = 1, hidden_size: width = 0 } = known;
  const state = 2 * layers * (known.num_key_value_heads ?? heads) * (known.head_dim ?? width / heads);
  const kept = tokens * state * Math.max(2, Math.floor(BYTES[dtype]));
  const needed = weights + kept + PROGRAM_BYTES;
  if (needed <= total) return;
  const gibibytes = (amount: number) => (amount / 2 ** 30).toFixed(1);
  throw new UserError(
    `${title} needs ${gibibytes(needed)} GiB of memory (${gibibytes(weights)} for its weights, ${gibibytes(kept)} for ` +
      `keys and values, ${gibibytes(PROGRAM_BYTES)} for Python); there are ${gibibytes(total)} GiB`,
    {
      at: { file: folder },
      hint: 'Take a smaller model, dtype: bfloat16 or nf4, or a machine with more memory.',
    },
  );
}
