import { countsOf } from '../learners/targets.js';
import type { RandomStream } from '../project/random.js';
import type { RowFacts } from '../tasks/row.js';
import type { Shape } from '../tasks/shape.js';

/** Classes of gold, in the order in which ties between them are settled. */
export type Stratification = Pick<Shape, 'strata' | 'stratum'>;

/** Rows of each class, in their order. */
export function countStrata(
  rows: readonly Pick<RowFacts, 'gold'>[],
  { strata, stratum }: Stratification,
): readonly number[] {
  const found = rows.map(({ gold }) => stratum(gold));
  return strata.map((each) => found.filter((one) => one === each).length);
}

/** Parts of `size` in proportion to `counts`, whole by the method of largest remainders; of equals the first. */
export function proportionalCounts(counts: readonly number[], size: number): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const exact = counts.map((count) => (count * size) / total);
  const whole = exact.map(Math.floor);
  const remainder = (index: number) => (exact[index] ?? 0) % 1;
  const byRemainder = [...counts.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b);
  const raised = new Set(byRemainder.slice(0, size - whole.reduce((sum, count) => sum + count, 0)));
  return whole.map((count, index) => count + (raised.has(index) ? 1 : 0));
}

/** `size` rows drawn without replacement, classes in proportion: their indices, ascending. */
export function drawInProportion(
  targets: ArrayLike<number>,
  classes: number,
  size: number,
  random: RandomStream,
): readonly number[] {
  const left = [...proportionalCounts([...countsOf(targets, classes)], size)];
  const rows = Array.from({ length: targets.length }, (_, row) => row);
  const drawn = random.shuffle(rows).filter((row) => {
    const target = targets[row] ?? 0;
    const room = left[target] ?? 0;
    left[target] = Math.max(0, room - 1);
    return room > 0;
  });
  return drawn.sort((a, b) => a - b);
}
