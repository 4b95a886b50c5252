import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { isSha256, type Sha256 } from '../../project/digest.js';
import { UserError } from '../../project/error.js';
import { type GgufFile, type GgufTensor, readGguf } from './file.js';
import { ENCODINGS, type Encoding, type WeightFormat } from './formats.js';
import { aligned, headerBytes, metadataRange } from './header.js';
import { bytesOf } from './tensor-type.js';
import { dequantiser } from './weights.js';

/** Weights that are held at a time; a multiple of every block. */
const PIECE = 2 ** 20;

/** A tensor, and what becomes of it. */
interface Converted {
  readonly from: GgufTensor;
  readonly dequantise: NonNullable<ReturnType<typeof dequantiser>>;
  readonly encoding: Encoding;
  readonly weights: number;
}

/**
 * Writes a GGUF file again with its weights in another format, whole or not at all. Vectors (norms, biases) become
 * 32-bit floats, matrices the format; of Q8_0, those whose rows are no multiple of 32 become F16, as llama.cpp has it.
 * Tied weights stay tied, and all metadata stay as they are but for the number of the format. The same file gives the
 * same bytes on every machine.
 *
 * @param onWeights hears how many weights have been written, of `count` in all.
 * @returns the hash of what was written.
 * @throws UserError naming a tensor whose type cannot be read.
 */
export async function convertGguf(
  source: string,
  target: string,
  format: WeightFormat,
  onWeights: (more: number, count: number) => void = () => {},
): Promise<Sha256> {
  const file = readGguf(source);
  const half = `${target}.half`;
  const [from, to] = [await open(source, 'r'), await open(half, 'w')];
  const hash = createHash('sha256');
  const write = async (bytes: Uint8Array) => {
    hash.update(bytes);
    await to.write(bytes);
  };
  try {
    const converted = file.tensors.map((tensor) => conversionOf(tensor, format, source));
    let offset = 0;
    const tensors = converted.map(({ from: { name, shape }, encoding: { type }, weights }) => {
      const placed = { name, shape, type, offset };
      offset = aligned(offset + bytesOf(weights, type), file.alignment);
      return placed;
    });
    const metadata = await metadataOf(from, file, ENCODINGS[format].fileType);
    const { version, alignment, fields } = file;
    await write(headerBytes({ version, alignment, entries: fields.size, metadata, tensors }));
    const count = converted.reduce((sum, { weights }) => sum + weights, 0);
    for (const tensor of converted)
      await writeTensor(from, tensor, alignment, write, (more) => onWeights(more, count));
    await to.sync();
    await rename(half, target);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
  const found = hash.digest('hex');
  if (!isSha256(found)) throw new Error('not a hash');
  return found;
}

/** The entries of a file's metadata as they stand there, but for the number of the format. */
async function metadataOf(handle: FileHandle, { fields }: GgufFile, fileType: number): Promise<Buffer> {
  const { begin, end } = metadataRange(fields.values());
  const metadata = Buffer.alloc(end - begin);
  await handle.read(metadata, 0, metadata.length, begin);
  const said = fields.get('general.file_type');
  // An entry ends with its value, here of 32 bits.
  if (said?.type === 'u32' && typeof said.value === 'number')
    metadata.writeUInt32LE(fileType, said.end - 4 - begin);
  return metadata;
}

function conversionOf(from: GgufTensor, format: WeightFormat, source: string): Converted {
  const dequantise = dequantiser(from.type);
  if (!dequantise)
    throw new UserError(
      `the tensor ${from.name} is of ggml's type ${from.type.number}, which cannot be read here`,
      {
        at: { file: source },
        hint: 'Write `compute: as-is` into the model’s entry of data/models.yaml.',
      },
    );
  const [row = 1] = from.shape;
  const rowsFit = row % ENCODINGS[format].type.blockSize === 0;
  const encoding = ENCODINGS[from.shape.length < 2 ? 'f32' : rowsFit ? format : 'f16'];
  const weights = from.shape.reduce((product, size) => product * size, 1);
  return { from, dequantise, encoding, weights };
}

async function writeTensor(
  handle: FileHandle,
  { from, dequantise, encoding, weights }: Converted,
  alignment: number,
  write: (bytes: Uint8Array) => Promise<void>,
  onWeights: (more: number) => void,
): Promise<void> {
  for (let done = 0; done < weights; done += PIECE) {
    const count = Math.min(PIECE, weights - done);
    const bytes = Buffer.alloc(bytesOf(count, from.type));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from.begin + bytesOf(done, from.type));
    if (bytesRead < bytes.length) throw new UserError(`the GGUF file is cut off in ${from.name}`);
    const floats = new Float32Array(count);
    dequantise(bytes, count / from.type.blockSize, floats);
    await write(encoding.encode(floats));
    onWeights(count);
  }
  const size = bytesOf(weights, encoding.type);
  await write(Buffer.alloc(aligned(size, alignment) - size));
}
