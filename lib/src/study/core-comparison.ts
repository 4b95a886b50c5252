import type { Comparison } from './comparison.js';
import { type CoreScores, onCommonSeeds } from './core-rows.js';

/** One side: a row of the core table, or anything else that answered the same test rows, as a sentence calls it. */
type Side = Pick<CoreScores, 'seeds' | 'predicted' | 'sources'> & { readonly name: string };

/**
 * The comparison of two systems on a test set, over the seeds that both were run with, of which the mean is compared.
 * None where two trained systems have no seed in common, or one of the two is not there.
 *
 * @example
 * const [a, b] = ['A', 'B'].map((name) => ({ name, seeds: [1], predicted: [['yes']], sources: [] }));
 * const rows = [{ id: '1', gold: 'no', keys: {} }];
 * const about = { id: 'a-over-b', on: 'one row', task: findTask('biomedical-question-answering'), rows };
 * coreComparison(about, a, b).length; // -> 1
 * coreComparison(about, a, undefined); // -> []
 */
export function coreComparison(
  about: Pick<Comparison, 'id' | 'on' | 'task' | 'rows'>,
  a: Side | undefined,
  b: Side | undefined,
): readonly Comparison[] {
  const predicted = a && b && onCommonSeeds(a, b);
  if (!predicted) return [];
  return [
    {
      ...about,
      a: { name: a.name, predicted: predicted[0] },
      b: { name: b.name, predicted: predicted[1] },
      sources: [...a.sources, ...b.sources],
    },
  ];
}
