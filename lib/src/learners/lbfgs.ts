/** A function to minimise: writes its gradient at `point` into `gradient` and returns its value there. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** Pairs of steps and gradient changes kept: the usual choice (Nocedal and Wright 2006, section 7.2). */
const MEMORY = 10;

/** Above so many numbers half the pairs are kept: they would else take most of a gigabyte. */
const MANY = 1_000_000;

/** A step, the change of the gradient along it, and one over their inner product. */
interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  scale: number;
}

/**
 * Minimises a smooth convex function of `size` numbers by L-BFGS with step halving, from `start` or else the origin,
 * until no entry of the gradient exceeds `tolerance`. Deterministic. Throws where that is not reached.
 */
export function minimise(
  size: number,
  objective: Objective,
  {
    tolerance,
    start,
    maxIterations = 5000,
  }: { readonly tolerance: number; readonly start?: Float64Array; readonly maxIterations?: number },
): Float64Array {
  // All the memory there is to be: vectors of a million numbers, made anew in each iteration, would fill the machine's.
  const vector = () => new Float64Array(size);
  let [point, next] = [start?.slice() ?? vector(), vector()];
  let [gradient, nextGradient] = [vector(), vector()];
  const direction = vector();
  const history: Pair[] = [];
  const memory = size > MANY ? MEMORY / 2 : MEMORY;
  let spare: Pair = { step: vector(), change: vector(), scale: 0 };
  let value = objective(point, gradient);

  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (largest(gradient) <= tolerance) return point;
    descend(direction, gradient, history);
    const slope = inner(direction, gradient);

    let length = history.length === 0 ? Math.min(1, 1 / Math.sqrt(inner(gradient, gradient))) : 1;
    combine(next, point, length, direction);
    let nextValue = objective(next, nextGradient);
    // Close to the minimum the step gains less than rounding loses.
    const rounding = 1e-13 * Math.abs(value);
    while (nextValue > value + 1e-4 * length * slope + rounding) {
      length /= 2;
      if (length < 1e-12) throw new Error(`L-BFGS is stuck at iteration ${iteration}`);
      combine(next, point, length, direction);
      nextValue = objective(next, nextGradient);
    }

    combine(spare.step, next, -1, point);
    combine(spare.change, nextGradient, -1, gradient);
    const curvature = inner(spare.step, spare.change);
    if (curvature > 0) {
      spare.scale = 1 / curvature;
      history.push(spare);
      const oldest = history.length > memory ? history.shift() : undefined;
      spare = oldest ?? { step: vector(), change: vector(), scale: 0 };
    }
    [point, next, gradient, nextGradient] = [next, point, nextGradient, gradient];
    value = nextValue;
  }
  throw new Error(`L-BFGS has not converged in ${maxIterations} iterations`);
}

/** The two-loop recursion: `direction` becomes minus the inverse Hessian, as the history has it, times the gradient. */
function descend(direction: Float64Array, gradient: Float64Array, history: readonly Pair[]): void {
  for (let index = 0; index < direction.length; index++) direction[index] = -(gradient[index] ?? 0);
  const shares: number[] = [];
  for (const { step, change, scale } of history.toReversed()) {
    const share = scale * inner(step, direction);
    shares.unshift(share);
    add(direction, -share, change);
  }
  const latest = history.at(-1);
  if (latest) multiply(direction, 1 / (latest.scale * inner(latest.change, latest.change)));
  for (const [index, { step, change, scale }] of history.entries()) {
    add(direction, (shares[index] ?? 0) - scale * inner(change, direction), step);
  }
}

// In place and by index: a fit spends much of its time in these.

/** into = start + factor * vector. */
function combine(into: Float64Array, start: Float64Array, factor: number, vector: Float64Array): void {
  for (let index = 0; index < into.length; index++) {
    into[index] = (start[index] ?? 0) + factor * (vector[index] ?? 0);
  }
}

function largest(vector: Float64Array): number {
  let most = 0;
  for (let index = 0; index < vector.length; index++) most = Math.max(most, Math.abs(vector[index] ?? 0));
  return most;
}

function add(target: Float64Array, factor: number, vector: Float64Array): void {
  for (let index = 0; index < target.length; index++) {
    target[index] = (target[index] ?? 0) + factor * (vector[index] ?? 0);
  }
}

function multiply(target: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index++) target[index] = (target[index] ?? 0) * factor;
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
