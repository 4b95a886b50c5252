import type { BuildName } from '../../datasets/build-name.js';
import { taskOf } from '../../datasets/builds.js';
import { buildFacts } from '../../datasets/facts.js';
import { split } from '../../datasets/split.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { shapeOf } from '../../tasks/shape-of.js';
import { apartFrom } from './build-baseline.js';

/** Splits that share no key, such as claims and documents, to be released: ids alone. */
export interface ReleasedSplits {
  readonly train: BuildName;
  readonly test: BuildName;
  /** Rows to learn from in each division of `train`. */
  readonly size: number;
  readonly seeds: readonly number[];
}

/**
 * Splits as CSV, a training row a line: whether it is `apart`, that is shares no claim or other key with a test row, and for
 * each seed whether it is to be learnt from (`train`) or `held` out where `train` is divided with all keys kept whole. It
 * rests on facts of rows and holds no text.
 *
 * @throws UserError where a build has neither a record of its facts nor its data, or no whole groups make up the size.
 */
export async function releasedSplits(
  { train, test, size, seeds }: ReleasedSplits,
  paths: Paths = projectPaths(),
): Promise<string> {
  const task = taskOf(train, paths);
  const [{ rows }, { rows: tried }] = [await buildFacts(train, paths), await buildFacts(test, paths)];
  const apart = new Set(apartFrom(tried, rows, Object.keys(task.keys)).map(({ id }) => id));
  const learnt = seeds.map((seed) => {
    const parts = split(rows, { size, seed, stratify: shapeOf(task), group: 'all' });
    return new Set(parts.train.map(({ id }) => id));
  });
  const lines = rows.map(({ id }) =>
    [id, apart.has(id) ? 'yes' : 'no', ...learnt.map((ids) => (ids.has(id) ? 'train' : 'held'))].join(','),
  );
  return `${[['id', 'apart', ...seeds.map((seed) => `seed-${seed}`)].join(','), ...lines].join('\n')}\n`;
}
