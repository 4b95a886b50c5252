import { writeFileSync } from 'node:fs';
import { randomStream } from 'small-claims/project/random';
import { field, ggufBytes } from '../models/gguf/draft.js';

/** How strong a synthetic adapter is, and which one. */
export interface LoraOptions {
  readonly seed: number;
  /** Default: 4. */
  readonly rank?: number;
  /** Standard deviation, as far as a uniform draw has one, of the two factors' weights. Default: 0.1. */
  readonly deviation?: number;
}

/**
 * Writes a LoRA adapter with seeded random weights for the query projections of a GGUF model, as llama.cpp reads it
 * (src/llama-adapter.cpp; the keys are those its convert_lora_to_gguf.py writes). For tests: it has learnt nothing.
 */
export async function writeLora(modelPath: string, destination: string, options: LoraOptions): Promise<void> {
  const { readGgufFileInfo } = await import('node-llama-cpp');
  const { metadata, fullTensorInfo } = await readGgufFileInfo(modelPath, { logWarnings: false });
  const { seed, rank = 4, deviation = 0.1 } = options;
  const random = randomStream('lora', seed);
  const weights = (count: number) =>
    Buffer.from(
      Float32Array.from({ length: count }, () => (2 * random.next() - 1) * Math.sqrt(3) * deviation).buffer,
    );
  const targets = (fullTensorInfo ?? []).filter(({ name }) => /\.attn_q\.weight$/.test(name));
  const tensors = targets.flatMap(({ name, dimensions }) => {
    const [input = 0, output = 0] = dimensions.map(Number);
    return [
      { name: `${name}.lora_a`, shape: [input, rank], data: weights(input * rank) },
      { name: `${name}.lora_b`, shape: [rank, output], data: weights(rank * output) },
    ];
  });
  const fields = [
    field.text('general.type', 'adapter'),
    field.text('general.architecture', String(metadata.general.architecture)),
    field.text('adapter.type', 'lora'),
    field.f32('adapter.lora.alpha', rank),
  ];
  writeFileSync(destination, ggufBytes({ fields, tensors }));
}
