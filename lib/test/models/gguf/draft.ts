/** A tensor to be written; `offset` only where it is to lie elsewhere than behind the one before. */
export interface TensorDraft {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its number in ggml. Default: 0, F32. */
  readonly type?: number;
  readonly offset?: number;
  readonly data: Uint8Array;
}

/** A GGUF file to be written, broken wherever a test wants it so. */
export interface GgufDraft {
  readonly magic?: string;
  readonly version?: number;
  readonly fields: readonly Buffer[];
  readonly tensors: readonly TensorDraft[];
  /** What the header says that there are, where that is not so. */
  readonly fieldCount?: bigint;
  readonly tensorCount?: bigint;
  readonly alignment?: number;
}

/** The bytes of a GGUF file (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). */
export function ggufBytes(draft: GgufDraft): Buffer {
  const { magic = 'GGUF', version = 3, fields, tensors, alignment = 32 } = draft;
  const padded = (bytes: Uint8Array) =>
    Buffer.concat([bytes, Buffer.alloc(Math.ceil(bytes.length / alignment) * alignment - bytes.length)]);
  let offset = 0;
  const table = tensors.map(({ name, shape, type = 0, offset: place, data }) => {
    const entry = [text(name), u32(shape.length), ...shape.map(u64), u32(type), u64(place ?? offset)];
    offset += padded(data).length;
    return Buffer.concat(entry);
  });
  const head = [
    Buffer.from(magic, 'latin1'),
    u32(version),
    u64(draft.tensorCount ?? tensors.length),
    u64(draft.fieldCount ?? fields.length),
    ...fields,
    ...table,
  ];
  return Buffer.concat([padded(Buffer.concat(head)), ...tensors.map(({ data }) => padded(data))]);
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

export const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

/** An entry of the metadata with a type by its number and a value in bytes. */
export const rawField = (key: string, type: number, value: Uint8Array) =>
  Buffer.concat([text(key), u32(type), value]);

const array = (type: number, values: readonly Buffer[]) => [u32(type), u64(values.length), ...values];

/** Entries of the metadata by the type of their value. */
export const field = {
  text: (key: string, value: string) => rawField(key, 8, text(value)),
  u32: (key: string, value: number) => rawField(key, 4, u32(value)),
  f32: (key: string, value: number) => rawField(key, 6, f32(value)),
  texts: (key: string, values: readonly string[]) =>
    rawField(key, 9, Buffer.concat(array(8, values.map(text)))),
  i32s: (key: string, values: readonly number[]) =>
    rawField(key, 9, Buffer.concat(array(5, values.map(u32)))),
  f32s: (key: string, values: readonly number[]) =>
    rawField(key, 9, Buffer.concat(array(6, values.map(f32)))),
};
