import { type TensorType, typeNamed } from './tensor-type.js';

/** What weights are computed in, where it is not the format of their file. */
export type WeightFormat = 'f32' | 'f16' | 'bf16' | 'q8_0';

/** A format that a file can be turned into. */
export interface Encoding {
  readonly type: TensorType;
  /** llama.cpp's number of a file whose weights are mostly of it (`general.file_type`). */
  readonly fileType: number;
  /** The bytes of as many floats as are whole blocks. */
  readonly encode: (floats: Float32Array) => Uint8Array;
}

const f = Math.fround;

/** Rounds to the nearest, of two as near to the even one, as llama.cpp does. */
export const ENCODINGS: Readonly<Record<WeightFormat, Encoding>> = {
  f32: {
    ...{ type: typeNamed('F32'), fileType: 0 },
    encode: (floats) => bytesOf(floats),
  },
  f16: {
    ...{ type: typeNamed('F16'), fileType: 1 },
    encode: (floats) => bytesOf(new Uint16Array(bitsOf(floats).map(halfBits))),
  },
  bf16: {
    ...{ type: typeNamed('BF16'), fileType: 32 },
    encode: (floats) => bytesOf(new Uint16Array(bitsOf(floats).map(brainBits))),
  },
  q8_0: {
    ...{ type: typeNamed('Q8_0'), fileType: 7 },
    encode(floats) {
      const to = Buffer.alloc((floats.length / 32) * 34);
      for (let block = 0; block < floats.length / 32; block++) {
        const weights = floats.subarray(block * 32, block * 32 + 32);
        let largest = 0;
        for (const weight of weights) largest = Math.max(largest, Math.abs(weight));
        const d = f(largest / 127);
        const inverse = d === 0 ? 0 : f(1 / d);
        to.writeUInt16LE(halfBits(bitsOf(Float32Array.of(d))[0] ?? 0), block * 34);
        for (const [index, weight] of weights.entries()) {
          const scaled = f(weight * inverse);
          to.writeInt8(Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5), block * 34 + 2 + index);
        }
      }
      return to;
    },
  },
};

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);
const bitsOf = (floats: Float32Array) => new Uint32Array(floats.buffer, floats.byteOffset, floats.length);

/** The upper half of a 32-bit float's bits, rounded; what is no number stays none. */
const brainBits = (bits: number) =>
  (bits & 0x7fffffff) > 0x7f800000 ? (bits >>> 16) | 64 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;

/** The bits of the 16-bit float that is nearest to a 32-bit one, given by its bits. */
function halfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00;
  // From 65,520 on it is infinite.
  if (size >= 0x477ff000) return sign | 0x7c00;
  if (size < 0x38800000) {
    // Below the least normal one, they lie 2 ** -24 apart.
    BITS.setUint32(0, size);
    return sign | nearestEven(BITS.getFloat32(0) * 2 ** 24);
  }
  return sign | ((size + 0xfff + ((size >>> 13) & 1) - 0x38000000) >>> 13);
}

function nearestEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

const BITS = new DataView(new ArrayBuffer(4));
