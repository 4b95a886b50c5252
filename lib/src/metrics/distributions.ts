import { createRequire } from 'node:module';

/**
 * Distribution functions, by Moshier's Cephes library (which scipy.special began with), to about 1e-15.
 * Its types are not found through its `exports`, so what is used of them stands here.
 */
interface Cephes {
  ndtr(z: number): number;
  ndtri(p: number): number;
  incbet(a: number, b: number, x: number): number;
  incbi(a: number, b: number, p: number): number;
  bdtr(k: number, n: number, p: number): number;
  chdtrc(freedom: number, x: number): number;
}

// The CommonJS build compiles its WebAssembly while it loads; the other one only some time after.
const cephes: Cephes = createRequire(import.meta.url)('cephes');

/** P(Z <= z) of the standard normal distribution. */
export const normalCdf = (z: number): number => cephes.ndtr(z);

/** The z with P(Z <= z) = p, p in 0..1. */
export function normalQuantile(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  return p >= 1 ? Number.POSITIVE_INFINITY : cephes.ndtri(p);
}

/** P(T <= t) of Student's t; degrees of freedom need not be whole. */
export function studentCdf(t: number, freedom: number): number {
  const tail = outside(t, freedom) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** P(T > t): as it is, and not 1 less what is nearly 1. */
export const studentTail = (t: number, freedom: number): number => studentCdf(-t, freedom);

/** P(|T| >= |t|), the p-value of two sides; never 0. */
export const studentP = (t: number, freedom: number): number => aboveZero(outside(t, freedom));

const outside = (t: number, freedom: number) => cephes.incbet(freedom / 2, 0.5, freedom / (freedom + t * t));

/** A p-value, which is small and never 0, though floating point numbers have no smaller one. */
export const aboveZero = (p: number): number => Math.max(p, Number.MIN_VALUE);

/** The t with P(T <= t) = p, p between 0 and 1; of infinite degrees of freedom the normal quantile. */
export function studentQuantile(p: number, freedom: number): number {
  if (p < 0.5) return -studentQuantile(1 - p, freedom);
  if (freedom === Number.POSITIVE_INFINITY) return normalQuantile(p);
  const share = cephes.incbi(freedom / 2, 0.5, 2 * (1 - p));
  return Math.sqrt((freedom * (1 - share)) / share);
}

/** P(X <= k) of the number of successes in `n` trials that each succeed with chance `p`. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : cephes.bdtr(k, n, p);
}

/** P(X >= x) of the chi-square distribution. */
export const chiSquareTail = (x: number, freedom: number): number => cephes.chdtrc(freedom, x);
