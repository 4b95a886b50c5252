import { writeFileSync } from 'node:fs';
import { randomStream } from 'small-claims/project/random';

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
    field('general.type', STRING, text('adapter')),
    field('general.architecture', STRING, text(String(metadata.general.architecture))),
    field('adapter.type', STRING, text('lora')),
    field('adapter.lora.alpha', FLOAT32, float(rank)),
  ];
  let offset = 0;
  const infos = tensors.map(({ name, shape, data }) => {
    const info = [text(name), u32(shape.length), ...shape.map(u64), u32(TENSOR_F32), u64(offset)];
    offset += aligned(data.length);
    return Buffer.concat(info);
  });
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(tensors.length),
    u64(fields.length),
    ...fields,
    ...infos,
  ]);
  writeFileSync(destination, Buffer.concat([padded(head), ...tensors.map(({ data }) => padded(data))]));
}

// The GGUF format, version 3: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
const FLOAT32 = 6;
const STRING = 8;
const TENSOR_F32 = 0;
const ALIGNMENT = 32;

const aligned = (length: number) => Math.ceil(length / ALIGNMENT) * ALIGNMENT;
const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(aligned(bytes.length) - bytes.length)]);

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
const field = (key: string, type: number, value: Buffer) => Buffer.concat([text(key), u32(type), value]);
