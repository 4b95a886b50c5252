import type { Cursor } from './cursor.js';

/** A value of a GGUF file's metadata; a whole number beyond 2^53 as bigint, text that is not UTF-8 with replacement characters. */
type GgufScalar = string | number | bigint | boolean;
export type GgufValue = GgufScalar | readonly GgufScalar[];

/** An entry of the metadata. */
export interface GgufField {
  readonly key: string;
  /** Of an array that of its elements: `u8`, `f32`, `string`, ... */
  readonly type: string;
  readonly value: GgufValue;
  /** Where in the file the entry begins, with its key, and where it ends: to copy it, its value need not be written. */
  readonly begin: number;
  readonly end: number;
}

interface ScalarType {
  readonly name: string;
  /** The least that a value takes. */
  readonly bytes: number;
  read(cursor: Cursor): GgufScalar;
}

const fixed = (name: string, bytes: number, decode: (bytes: Buffer) => GgufScalar): ScalarType => ({
  name,
  bytes,
  read: (cursor) => decode(cursor.take(bytes)),
});
const safe = (value: bigint) =>
  BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value;

const ARRAY = 9;
const SCALARS: ReadonlyMap<number, ScalarType> = new Map([
  [0, fixed('u8', 1, (bytes) => bytes.readUInt8())],
  [1, fixed('i8', 1, (bytes) => bytes.readInt8())],
  [2, fixed('u16', 2, (bytes) => bytes.readUInt16LE())],
  [3, fixed('i16', 2, (bytes) => bytes.readInt16LE())],
  [4, fixed('u32', 4, (bytes) => bytes.readUInt32LE())],
  [5, fixed('i32', 4, (bytes) => bytes.readInt32LE())],
  [6, fixed('f32', 4, (bytes) => bytes.readFloatLE())],
  [7, { name: 'bool', bytes: 1, read: readBoolean }],
  [8, { name: 'string', bytes: 8, read: (cursor) => cursor.bytes().toString('utf8') }],
  [10, fixed('u64', 8, (bytes) => safe(bytes.readBigUInt64LE()))],
  [11, fixed('i64', 8, (bytes) => safe(bytes.readBigInt64LE()))],
  [12, fixed('f64', 8, (bytes) => bytes.readDoubleLE())],
]);

/** Key, type and value take so many bytes at least. */
const LEAST_FIELD_BYTES = 8 + 1 + 4 + 1;
/** Elements of all arrays together: a large vocabulary has three of 260,000. */
const MOST_ELEMENTS = 2 ** 24;

/** Reads so many entries of metadata. @throws UserError naming the key at fault. */
export function readFields(cursor: Cursor, count: number): ReadonlyMap<string, GgufField> {
  cursor.expect(count, LEAST_FIELD_BYTES, 'entries of metadata');
  const fields = new Map<string, GgufField>();
  let elements = 0;
  for (let index = 0; index < count; index += 1) {
    cursor.field = `metadata[${index}]`;
    const begin = cursor.position;
    const key = readName(cursor);
    if (key === '') throw cursor.flaw('it has no name');
    if (fields.has(key)) throw cursor.flaw(`the name "${key}" is there twice`);
    cursor.field = key;
    const type = cursor.u32();
    const scalar = scalarOf(cursor, type === ARRAY ? cursor.u32() : type);
    let value: GgufValue;
    if (type === ARRAY) {
      const length = cursor.u64();
      cursor.expect(length, scalar.bytes, 'elements');
      elements += length;
      if (elements > MOST_ELEMENTS) throw cursor.flaw(`its arrays hold more than ${MOST_ELEMENTS} elements`);
      value = Array.from({ length }, () => scalar.read(cursor));
    } else value = scalar.read(cursor);
    fields.set(key, { key, type: scalar.name, value, begin, end: cursor.position });
  }
  return fields;
}

/** A name, which is UTF-8. @throws UserError where it is not. */
export function readName(cursor: Cursor): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(cursor.bytes());
  } catch (error) {
    if (error instanceof TypeError) throw cursor.flaw('its name is not UTF-8');
    throw error;
  }
}

function scalarOf(cursor: Cursor, type: number): ScalarType {
  const scalar = SCALARS.get(type);
  if (scalar) return scalar;
  throw cursor.flaw(
    type === ARRAY ? 'an array of arrays, which llama.cpp does not read' : `no type has the number ${type}`,
  );
}

function readBoolean(cursor: Cursor): boolean {
  const [byte] = cursor.take(1);
  if (byte === 0 || byte === 1) return byte === 1;
  throw cursor.flaw(`the byte ${byte} is neither true nor false`);
}
