/** A function to minimise: writes its gradient at `point` into `gradient` and returns its value there. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** Pairs of steps and gradient changes kept: the usual choice (Nocedal and Wright 2006, section 7.2). */
const MEMORY = 10;

/** Above so many numbers half the pairs are kept: they would else take most of a gigabyte. */
const MANY = 1_000_000;

/**
 * Minimises a smooth convex function of `size` numbers from the origin by L-BFGS with step halving, until no
 * entry of the gradient exceeds `tolerance`. Deterministic. Throws where that is not reached.
 */
export function minimise(
  size: number,
  objective: Objective,
  { tolerance, maxIterations = 1000 }: { tolerance: number; maxIterations?: number },
): Float64Array {
  let point: Float64Array = new Float64Array(size);
  let gradient: Float64Array = new Float64Array(size);
  let value = objective(point, gradient);
  const history: { step: Float64Array; change: Float64Array; scale: number }[] = [];

  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (gradient.every((entry) => Math.abs(entry) <= tolerance)) return point;
    const direction = descent(gradient, history);
    const slope = inner(direction, gradient);

    let length = history.length === 0 ? Math.min(1, 1 / Math.sqrt(inner(gradient, gradient))) : 1;
    let next = along(point, length, direction);
    const nextGradient = new Float64Array(size);
    let nextValue = objective(next, nextGradient);
    // Close to the minimum the step gains less than rounding loses.
    const rounding = 1e-13 * Math.abs(value);
    while (nextValue > value + 1e-4 * length * slope + rounding) {
      length /= 2;
      if (length < 1e-12) throw new Error(`L-BFGS is stuck at iteration ${iteration}`);
      next = along(point, length, direction);
      nextValue = objective(next, nextGradient);
    }

    const step = along(next, -1, point);
    const change = along(nextGradient, -1, gradient);
    const curvature = inner(step, change);
    if (curvature > 0) history.push({ step, change, scale: 1 / curvature });
    if (history.length > (size > MANY ? MEMORY / 2 : MEMORY)) history.shift();
    [point, gradient, value] = [next, nextGradient, nextValue];
  }
  throw new Error(`L-BFGS has not converged in ${maxIterations} iterations`);
}

/** The two-loop recursion: minus the inverse Hessian, as the history has it, times the gradient. */
function descent(
  gradient: Float64Array,
  history: readonly { step: Float64Array; change: Float64Array; scale: number }[],
): Float64Array {
  const direction = gradient.map((entry) => -entry);
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
  return direction;
}

function along(start: Float64Array, length: number, direction: Float64Array): Float64Array {
  const end = start.slice();
  add(end, length, direction);
  return end;
}

// In place and by index: a fit spends nearly all its time in these three.

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
