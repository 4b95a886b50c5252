import type { GgufField } from './metadata.js';
import type { TensorType } from './tensor-type.js';

/** A tensor as the table of a file that is written has it. */
interface PlacedTensor {
  readonly name: string;
  /** Numbers in each dimension, a row's first. */
  readonly shape: readonly number[];
  readonly type: TensorType;
  /** Bytes from the beginning of the data. */
  readonly offset: number;
}

/** What stands before the data of a GGUF file that is written. */
export interface GgufHeader {
  readonly version: number;
  readonly alignment: number;
  /** How many entries `metadata` holds. */
  readonly entries: number;
  /** The entries byte for byte: architecture, vocabulary, chat format. */
  readonly metadata: Uint8Array;
  readonly tensors: readonly PlacedTensor[];
}

/** The bytes of a header, up to where the data begin (ggml, docs/gguf.md). */
export function headerBytes({ version, alignment, entries, metadata, tensors }: GgufHeader): Buffer {
  const head = Buffer.concat([
    Buffer.from('GGUF', 'latin1'),
    uint32(version),
    uint64(tensors.length),
    uint64(entries),
    metadata,
    ...tensors.flatMap(({ name, shape, type, offset }) => {
      const bytes = Buffer.from(name);
      const size = shape.map(uint64);
      return [
        ...[uint64(bytes.length), bytes, uint32(shape.length), ...size],
        ...[uint32(type.number), uint64(offset)],
      ];
    }),
  ]);
  return Buffer.concat([head, Buffer.alloc(aligned(head.length, alignment) - head.length)]);
}

/** Where the entries of a file that was read lie in it, in bytes from its beginning; they follow one another. */
export function metadataRange(fields: Iterable<GgufField>): { readonly begin: number; readonly end: number } {
  const all = [...fields];
  return { begin: all[0]?.begin ?? 0, end: all.at(-1)?.end ?? 0 };
}

export const aligned = (bytes: number, alignment: number) => Math.ceil(bytes / alignment) * alignment;

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
