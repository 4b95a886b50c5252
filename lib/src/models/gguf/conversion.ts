import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { isSha256, type Sha256 } from '../../project/digest.js';
import { UserError } from '../../project/error.js';
import { readGguf } from './file.js';
import { ENCODINGS, type Encoding, type WeightFormat } from './formats.js';
import { aligned, type GgufLayout, layoutBytes, readLayout, type TensorInfo } from './layout.js';
import { WEIGHT_TYPES, type WeightType } from './weights.js';

/** Weights that are held at a time; a multiple of every block. */
const PIECE = 2 ** 20;

/** A tensor, and what becomes of it. */
interface Converted {
  readonly from: TensorInfo;
  readonly type: WeightType;
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
  // All that is taken on as it stands lies in the file then.
  readGguf(source);
  const half = `${target}.half`;
  const [from, to] = [await open(source, 'r'), await open(half, 'w')];
  const hash = createHash('sha256');
  const write = async (bytes: Uint8Array) => {
    hash.update(bytes);
    await to.write(bytes);
  };
  try {
    const layout = await readLayout(from, source);
    const converted = layout.tensors.map((tensor) => conversionOf(tensor, format, source));
    let offset = 0;
    const tensors = converted.map(({ from: tensor, encoding, weights }) => {
      const placed = { ...tensor, type: encoding.type, offset };
      offset = aligned(offset + bytesOf(weights, encoding), layout.alignment);
      return placed;
    });
    await write(layoutBytes({ ...layout, tensors }, ENCODINGS[format].fileType));
    const count = converted.reduce((sum, { weights }) => sum + weights, 0);
    for (const tensor of converted)
      await writeTensor(from, layout, tensor, write, (more) => onWeights(more, count));
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

function conversionOf(from: TensorInfo, format: WeightFormat, source: string): Converted {
  const type = WEIGHT_TYPES[from.type];
  if (!type)
    throw new UserError(`the tensor ${from.name} is of ggml's type ${from.type}, which cannot be read here`, {
      at: { file: source },
      hint: 'Write `compute: as-is` into the model’s entry of data/models.yaml.',
    });
  const [row = 1] = from.dimensions;
  const rowsFit = row % ENCODINGS[format].block === 0;
  const encoding = ENCODINGS[from.dimensions.length < 2 ? 'f32' : rowsFit ? format : 'f16'];
  return { from, type, encoding, weights: from.dimensions.reduce((product, size) => product * size, 1) };
}

const bytesOf = (weights: number, { block, bytes }: Pick<Encoding, 'block' | 'bytes'>) =>
  (weights / block) * bytes;

async function writeTensor(
  file: FileHandle,
  { dataAt, alignment }: GgufLayout,
  { from, type, encoding, weights }: Converted,
  write: (bytes: Uint8Array) => Promise<void>,
  onWeights: (more: number) => void,
): Promise<void> {
  for (let done = 0; done < weights; done += PIECE) {
    const count = Math.min(PIECE, weights - done);
    const bytes = Buffer.alloc(bytesOf(count, type));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, dataAt + from.offset + bytesOf(done, type));
    if (bytesRead < bytes.length) throw new UserError(`the GGUF file is cut off in ${from.name}`);
    const floats = new Float32Array(count);
    type.dequantise(bytes, count / type.block, floats);
    await write(encoding.encode(floats));
    onWeights(count);
  }
  const size = bytesOf(weights, encoding);
  await write(Buffer.alloc(aligned(size, alignment) - size));
}
