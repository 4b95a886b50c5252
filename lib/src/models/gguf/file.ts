import { closeSync, fstatSync, openSync } from 'node:fs';
import { assertFile } from '../../project/input-file.js';
import { Cursor } from './cursor.js';
import { type GgufField, readFields, readName } from './metadata.js';
import { TENSOR_TYPES, type TensorType } from './tensor-type.js';

/** An entry of the table of tensors. */
export interface GgufTensor {
  readonly name: string;
  /** Numbers in each dimension, a row's first. */
  readonly shape: readonly number[];
  readonly type: TensorType;
  /** Its data, in bytes from the beginning of the file. */
  readonly begin: number;
  readonly bytes: number;
}

/** The header of a GGUF file. */
export interface GgufFile {
  readonly path: string;
  readonly version: number;
  /** Bytes, of which every tensor begins at a multiple. */
  readonly alignment: number;
  readonly fields: ReadonlyMap<string, GgufField>;
  /** In the table's order. */
  readonly tensors: readonly GgufTensor[];
  /** Where the tensors' data begin, in bytes from the beginning of the file. */
  readonly dataBegin: number;
  readonly size: number;
}

const MAGIC = 'GGUF';
/** The header of a model of 260,000 tokens takes some 10 MB. */
const MOST_HEADER_BYTES = 2 ** 28;
/** ggml.h: GGML_MAX_DIMS and GGML_MAX_NAME, which counts an ending zero. */
const MOST_DIMENSIONS = 4;
const MOST_NAME_BYTES = 63;
/** Name, number of dimensions, one of them, type and place take so many bytes at least. */
const LEAST_TENSOR_BYTES = 8 + 1 + 4 + 8 + 4 + 8;

/**
 * Reads the header of a GGUF file: its metadata and the table of its tensors. Checks that everything it names lies in the
 * file: counts, lengths and types, and that tensors are aligned, lie apart from each other and end before the file does.
 * Reads 256 MiB at most, and no tensor.
 *
 * @throws UserError naming file and key or tensor.
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 *
 * @example
 * readGguf('model.gguf').fields.get('general.architecture')?.value; // -> 'llama'
 */
export function readGguf(path: string): GgufFile {
  assertFile(path);
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    return readHeader(path, new Cursor(path, descriptor, size, MOST_HEADER_BYTES));
  } finally {
    closeSync(descriptor);
  }
}

function readHeader(path: string, cursor: Cursor): GgufFile {
  const { size } = cursor;
  const magic = cursor.take(4).toString('latin1');
  if (magic !== MAGIC)
    throw cursor.flaw(`not a GGUF file: it begins with ${JSON.stringify(magic)} and not with "${MAGIC}"`);
  const version = readVersion(cursor);
  cursor.field = 'tensor_count';
  const tensorCount = cursor.u64();
  cursor.field = 'metadata_kv_count';
  const fields = readFields(cursor, cursor.u64());
  const alignment = alignmentOf(cursor, fields);
  cursor.field = 'tensor_count';
  cursor.expect(tensorCount, LEAST_TENSOR_BYTES, 'tensors');
  const table = Array.from({ length: tensorCount }, (_, index) => readTensor(cursor, index, alignment));
  const dataBegin = Math.ceil(cursor.position / alignment) * alignment;
  const tensors = table.map((tensor) => ({ ...tensor, begin: dataBegin + tensor.begin }));
  assertApart(cursor, tensors);
  return { path, version, alignment, fields, tensors, dataBegin, size };
}

function readVersion(cursor: Cursor): number {
  cursor.field = 'version';
  const version = cursor.u32();
  if (version === 2 || version === 3) return version;
  throw cursor.flaw(
    version % 2 ** 16 === 0 && version > 0
      ? 'it is written for a processor of the other byte order'
      : `GGUF of version ${version} is not known: 2 and 3 are`,
  );
}

function alignmentOf(cursor: Cursor, fields: ReadonlyMap<string, GgufField>): number {
  const field = fields.get('general.alignment');
  if (!field) return 32;
  const { value, type, key } = field;
  // A power of two has one bit.
  if (type === 'u32' && typeof value === 'number' && value > 0 && Number.isInteger(Math.log2(value)))
    return value;
  throw cursor.flaw(`must be a power of two in 32 bits, and is ${value} (${type})`, key);
}

/** A tensor, its place counted from where the data begin. */
function readTensor(cursor: Cursor, index: number, alignment: number): GgufTensor {
  cursor.field = `tensors[${index}]`;
  const name = readName(cursor);
  if (name === '' || Buffer.byteLength(name) > MOST_NAME_BYTES) {
    throw cursor.flaw(`its name has ${Buffer.byteLength(name)} bytes; 1 to ${MOST_NAME_BYTES} are allowed`);
  }
  cursor.field = name;
  const dimensions = cursor.u32();
  if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
    throw cursor.flaw(`it has ${dimensions} dimensions; 1 to ${MOST_DIMENSIONS} are allowed`);
  }
  const shape = Array.from({ length: dimensions }, () => cursor.u64());
  const number = cursor.u32();
  const type = TENSOR_TYPES.get(number);
  if (!type) throw cursor.flaw(`no type of tensor has the number ${number}`);
  const begin = cursor.u64();
  if (begin % alignment !== 0)
    throw cursor.flaw(`it begins at byte ${begin} of the data, no multiple of ${alignment}`);
  return { name, shape, type, begin, bytes: bytesOf(cursor, shape, type) };
}

function bytesOf(
  cursor: Cursor,
  shape: readonly number[],
  { name, blockSize, blockBytes }: TensorType,
): number {
  const [row = 0] = shape;
  if (shape.includes(0)) throw cursor.flaw(`it is empty: ${shape.join(' x ')}`);
  if (row % blockSize !== 0)
    throw cursor.flaw(`a row of ${row} is no whole number of blocks of ${blockSize} (${name})`);
  const bytes = shape.reduce((product, length) => product * length, blockBytes / blockSize);
  if (bytes <= cursor.size) return bytes;
  throw cursor.flaw(`${shape.join(' x ')} of ${name} are more bytes than the file has`);
}

/** @throws UserError where two tensors have a name or a byte in common, or one ends beyond the file. */
function assertApart(cursor: Cursor, tensors: readonly GgufTensor[]): void {
  const names = new Set<string>();
  for (const { name } of tensors) {
    if (names.has(name)) throw cursor.flaw('two tensors have this name', name);
    names.add(name);
  }
  const placed = [...tensors].sort((a, b) => a.begin - b.begin);
  for (const [index, { name, begin, bytes }] of placed.entries()) {
    const end = begin + bytes;
    if (end > cursor.size) throw cursor.flaw(`it ends at byte ${end}; the file has ${cursor.size}`, name);
    const next = placed[index + 1];
    if (next && next.begin < end) throw cursor.flaw(`it and ${next.name} lie over each other`, name);
  }
}
