import type { FileHandle } from 'node:fs/promises';
import { UserError } from '../../project/error.js';

/** A tensor of a GGUF file, as its list of tensors has it. */
export interface TensorInfo {
  readonly name: string;
  /** The first is the length of a row, whose weights lie together. */
  readonly dimensions: readonly number[];
  /** ggml's number of the type that its weights are in. */
  readonly type: number;
  /** Bytes from the beginning of the data. */
  readonly offset: number;
}

/** What stands before the weights of a GGUF file (ggml, docs/gguf.md). */
export interface GgufLayout {
  readonly version: number;
  /** How many entries `metadata` holds. */
  readonly entries: number;
  /** The entries byte for byte: architecture, vocabulary, chat format. */
  readonly metadata: Buffer;
  /** Where in `metadata` the value of `general.file_type` lies, which says what most weights are in; 32 bits. */
  readonly fileTypeAt: number | undefined;
  readonly tensors: readonly TensorInfo[];
  /** The data, and every tensor in it, begin at a multiple of it. */
  readonly alignment: number;
  /** Bytes from the beginning of the file. */
  readonly dataAt: number;
}

/** Bytes of a value by its type; strings (8) and arrays (9) say theirs themselves. */
const VALUE_BYTES = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8] as const;
const STRING = 8;
const ARRAY = 9;
const UINT32 = 4;
const PIECE = 2 ** 22;

/** @throws UserError of what is no GGUF file of version 2 or 3, or is cut off. */
export async function readLayout(file: FileHandle, path: string): Promise<GgufLayout> {
  const cursor = new Cursor(file, path);
  const magic = await cursor.take(4);
  const version = await cursor.uint32();
  if (magic.toString('latin1') !== 'GGUF' || version < 2 || version > 3)
    throw new UserError('not a GGUF file of version 2 or 3', { at: { file: path } });
  const count = await cursor.uint64();
  const entries = await cursor.uint64();
  const metadataAt = cursor.position;
  let alignment = 32;
  let fileTypeAt: number | undefined;
  for (let entry = 0; entry < entries; entry++) {
    const key = await cursor.string();
    const type = await cursor.uint32();
    if (type === UINT32 && key === 'general.file_type') fileTypeAt = cursor.position - metadataAt;
    if (type === UINT32 && key === 'general.alignment') alignment = await cursor.uint32();
    else await cursor.skip(type);
  }
  const metadata = cursor.from(metadataAt);
  const tensors: TensorInfo[] = [];
  for (let tensor = 0; tensor < count; tensor++) {
    const name = await cursor.string();
    const dimensions: number[] = [];
    for (let left = await cursor.uint32(); left > 0; left--) dimensions.push(await cursor.uint64());
    tensors.push({ name, dimensions, type: await cursor.uint32(), offset: await cursor.uint64() });
  }
  const dataAt = aligned(cursor.position, alignment);
  return { version, entries, metadata, fileTypeAt, tensors, alignment, dataAt };
}

/** Everything that stands before the weights, up to where they begin. */
export function layoutBytes(layout: Omit<GgufLayout, 'dataAt'>, fileType: number): Buffer {
  const metadata = Buffer.from(layout.metadata);
  if (layout.fileTypeAt !== undefined) metadata.writeUInt32LE(fileType, layout.fileTypeAt);
  const head = Buffer.concat([
    Buffer.from('GGUF', 'latin1'),
    uint32(layout.version),
    uint64(layout.tensors.length),
    uint64(layout.entries),
    metadata,
    ...layout.tensors.flatMap(({ name, dimensions, type, offset }) => {
      const bytes = Buffer.from(name);
      const size = dimensions.map(uint64);
      return [uint64(bytes.length), bytes, uint32(dimensions.length), ...size, uint32(type), uint64(offset)];
    }),
  ]);
  return Buffer.concat([head, Buffer.alloc(aligned(head.length, layout.alignment) - head.length)]);
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

/** Reads the beginning of a file, as much of it as is asked for. */
class Cursor {
  position = 0;
  private bytes = Buffer.alloc(0);

  constructor(
    private readonly file: FileHandle,
    private readonly path: string,
  ) {}

  async take(count: number): Promise<Buffer> {
    const end = this.position + count;
    while (this.bytes.length < end) {
      const more = Buffer.alloc(Math.max(PIECE, end - this.bytes.length));
      const { bytesRead } = await this.file.read(more, 0, more.length, this.bytes.length);
      if (bytesRead === 0) throw new UserError('the GGUF file is cut off', { at: { file: this.path } });
      this.bytes = Buffer.concat([this.bytes, more.subarray(0, bytesRead)]);
    }
    const taken = this.bytes.subarray(this.position, end);
    this.position = end;
    return taken;
  }

  from(start: number): Buffer {
    return this.bytes.subarray(start, this.position);
  }

  async uint32(): Promise<number> {
    return (await this.take(4)).readUInt32LE();
  }

  async uint64(): Promise<number> {
    return Number((await this.take(8)).readBigUInt64LE());
  }

  async string(): Promise<string> {
    return (await this.take(await this.uint64())).toString('utf8');
  }

  /** Passes over a value of this type. */
  async skip(type: number): Promise<void> {
    const bytes = VALUE_BYTES[type];
    if (bytes !== undefined) await this.take(bytes);
    else if (type === STRING) await this.take(await this.uint64());
    else if (type === ARRAY) {
      const inner = await this.uint32();
      const length = await this.uint64();
      const each = VALUE_BYTES[inner];
      if (each !== undefined) await this.take(each * length);
      else for (let item = 0; item < length; item++) await this.skip(inner);
    } else
      throw new UserError(`the GGUF file has a value of the unknown type ${type}`, {
        at: { file: this.path },
      });
  }
}
