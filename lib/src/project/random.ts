import { createHash } from 'node:crypto';

/** A stream of random numbers that is the same for the same name and seed on every machine. */
export interface RandomStream {
  /** Uniform in [0, 1), 53 bits. */
  next(): number;
  /** Uniform integer in [0, bound). */
  below(bound: number): number;
  /** Fills an array with what as many calls of `below(bound)` would give, several times faster. */
  fillBelow(into: Int32Array, bound: number): void;
  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[];
}

/**
 * A random stream named by what it is for, so that adding an analysis changes no other number.
 * Generator: xoshiro128** (Blackman and Vigna, 2018), seeded by SHA-256 of `purpose` and `seed`.
 */
export function randomStream(purpose: string, seed: number): RandomStream {
  const digest = createHash('sha256').update(`${purpose}\n${seed}`).digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => digest.readInt32LE(at)) as [number, number, number, number];
  const fillBelow = (into: Int32Array, bound: number) => {
    // The state in variables of this function alone: the compiler then keeps it in registers.
    let [p, q, r, s] = [a, b, c, d];
    for (let index = 0; index < into.length; index++) {
      let x = Math.imul(q, 5);
      const high = Math.imul((x << 7) | (x >>> 25), 9) >>> 5;
      let t = q << 9;
      r ^= p;
      s ^= q;
      q ^= r;
      p ^= s;
      r ^= t;
      s = (s << 11) | (s >>> 21);
      x = Math.imul(q, 5);
      const low = Math.imul((x << 7) | (x >>> 25), 9) >>> 6;
      t = q << 9;
      r ^= p;
      s ^= q;
      q ^= r;
      p ^= s;
      r ^= t;
      s = (s << 11) | (s >>> 21);
      into[index] = ((high * 67108864 + low) / 9007199254740992) * bound;
    }
    [a, b, c, d] = [p, q, r, s];
  };
  const rotate = (x: number, k: number) => (x << k) | (x >>> (32 - k));
  const next32 = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result;
  };
  const next = () => ((next32() >>> 5) * 67108864 + (next32() >>> 6)) / 9007199254740992;
  const below = (bound: number) => Math.floor(next() * bound);
  return {
    next,
    below,
    fillBelow,
    shuffle(items) {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [copy[i], copy[j]] = [copy[j], copy[i]] as [(typeof copy)[number], (typeof copy)[number]];
      }
      return copy;
    },
  };
}
