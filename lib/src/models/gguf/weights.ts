import type { TensorType } from './tensor-type.js';

/** Reads a block from `at` in the bytes to `to` in the floats. */
type ReadBlock = (bytes: Buffer, at: number, out: Float32Array, to: number) => void;

/** Every 16-bit float as a 32-bit one, by its bits. */
const HALF = Float32Array.from({ length: 2 ** 16 }, (_, bits) => {
  const [sign, exponent, fraction] = [bits >> 15, (bits >> 10) & 31, bits & 1023];
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN
        : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return sign === 1 ? -size : size;
});
const half = (bytes: Buffer, at: number) => HALF[bytes.readUInt16LE(at)] ?? Number.NaN;
const f = Math.fround;

/** Four- and five-bit types in blocks of 32: two weights a byte, the second half of the block in the upper bits. */
function nibbles(
  bytes: Buffer,
  at: number,
  high: number | undefined,
  put: (index: number, value: number) => void,
): void {
  const fifth = high === undefined ? 0 : bytes.readUInt32LE(high);
  for (let index = 0; index < 16; index++) {
    const both = bytes[at + index] ?? 0;
    put(index, (both & 15) | (((fifth >>> index) & 1) << 4));
    put(index + 16, (both >> 4) | (((fifth >>> (index + 16)) & 1) << 4));
  }
}

/** A scale (lower) and a minimum of the eight that share twelve bytes, six bits each. */
function scaleAndMinimum(bytes: Buffer, at: number, index: number): readonly [number, number] {
  const byte = (offset: number) => bytes[at + offset] ?? 0;
  if (index < 4) return [byte(index) & 63, byte(index + 4) & 63];
  return [
    (byte(index + 4) & 15) | ((byte(index - 4) >> 6) << 4),
    (byte(index + 4) >> 4) | ((byte(index) >> 6) << 4),
  ];
}

/** Four- and five-bit types in blocks of 256: eight parts with a scale and a minimum each. */
function superBlock(
  bytes: Buffer,
  at: number,
  high: number | undefined,
  low: number,
  out: Float32Array,
  to: number,
): void {
  const [scale, least] = [half(bytes, at), half(bytes, at + 2)];
  for (let part = 0; part < 8; part++) {
    const [factor, minimum] = scaleAndMinimum(bytes, at + 4, part);
    const [d, m] = [f(scale * factor), f(least * minimum)];
    const from = low + (part >> 1) * 32;
    for (let index = 0; index < 32; index++) {
      const both = bytes[from + index] ?? 0;
      const fifth = high === undefined ? 0 : (((bytes[high + index] ?? 0) >> part) & 1) << 4;
      out[to + part * 32 + index] = f(d * ((part % 2 === 0 ? both & 15 : both >> 4) | fifth)) - m;
    }
  }
}

/**
 * How a block of each type that can be read is read, by ggml's name. Every sum and product is rounded to 32 bits as llama.cpp's own code
 * does on processors without fused multiplication (ggml, ggml-quants.c), and its Python package everywhere.
 */
const BLOCKS: Readonly<Record<string, ReadBlock>> = {
  F32: (bytes, at, out, to) => {
    out[to] = bytes.readFloatLE(at);
  },
  F16: (bytes, at, out, to) => {
    out[to] = half(bytes, at);
  },
  Q4_0: (bytes, at, out, to) => {
    const d = half(bytes, at);
    nibbles(bytes, at + 2, undefined, (index, value) => {
      out[to + index] = d * (value - 8);
    });
  },
  Q4_1: (bytes, at, out, to) => {
    const [d, m] = [half(bytes, at), half(bytes, at + 2)];
    nibbles(bytes, at + 4, undefined, (index, value) => {
      out[to + index] = f(d * value) + m;
    });
  },
  Q5_0: (bytes, at, out, to) => {
    const d = half(bytes, at);
    nibbles(bytes, at + 6, at + 2, (index, value) => {
      out[to + index] = d * (value - 16);
    });
  },
  Q5_1: (bytes, at, out, to) => {
    const [d, m] = [half(bytes, at), half(bytes, at + 2)];
    nibbles(bytes, at + 8, at + 4, (index, value) => {
      out[to + index] = f(d * value) + m;
    });
  },
  Q8_0: (bytes, at, out, to) => {
    const d = half(bytes, at);
    for (let index = 0; index < 32; index++) out[to + index] = d * bytes.readInt8(at + 2 + index);
  },
  Q4_K: (bytes, at, out, to) => {
    superBlock(bytes, at, undefined, at + 16, out, to);
  },
  Q5_K: (bytes, at, out, to) => {
    superBlock(bytes, at, at + 16, at + 48, out, to);
  },
  Q6_K: (bytes, at, out, to) => {
    const d = half(bytes, at + 208);
    for (let index = 0; index < 256; index++) {
      const [part, inside] = [index >> 7, index & 127];
      const [quarter, place] = [inside >> 5, inside & 31];
      const both = bytes[at + part * 64 + (quarter & 1) * 32 + place] ?? 0;
      const low = quarter < 2 ? both & 15 : both >> 4;
      const high = ((bytes[at + 128 + part * 32 + place] ?? 0) >> (2 * quarter)) & 3;
      out[to + index] = f(d * bytes.readInt8(at + 192 + (index >> 4))) * ((low | (high << 4)) - 32);
    }
  },
  BF16: (bytes, at, out, to) => {
    BITS.setUint32(0, bytes.readUInt16LE(at) << 16);
    out[to] = BITS.getFloat32(0);
  },
};

/** Reads so many whole blocks of a type into floats; undefined where the type cannot be read. */
export function dequantiser({
  name,
  blockSize,
  blockBytes,
}: TensorType): ((bytes: Buffer, blocks: number, out: Float32Array) => void) | undefined {
  const read = Object.hasOwn(BLOCKS, name) ? BLOCKS[name] : undefined;
  if (!read) return undefined;
  return (bytes, blocks, out) => {
    for (let block = 0; block < blocks; block++) read(bytes, block * blockBytes, out, block * blockSize);
  };
}

const BITS = new DataView(new ArrayBuffer(4));
