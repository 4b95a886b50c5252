import type { BuildName } from '../datasets/build-name.js';
import { buildNames, taskOf } from '../datasets/builds.js';
import { type FactsRow, recordedFacts } from '../datasets/facts.js';
import { findAdapter } from '../models/adapters.js';
import type { Paths } from '../project/paths.js';
import { formatNumber } from '../reporting/format.js';
import type { SystemsPlan } from './systems/of-plan.js';
import type { TestSet } from './systems/system.js';

/** The data set and the part of it that a build's rows are of: builds of one part are made of the same texts. */
export const partOf = (build: string): string => build.split('/').toSpliced(1, 1).join('/');

/** The builds that systems of a plan may have learnt from before they are tried on a test set. */
function poolsOf(
  { train }: TestSet,
  { training = [], adapters = [] }: Pools,
  paths: Paths,
): readonly BuildName[] {
  const trained = training.flatMap((entry) => entry.train);
  return [...new Set([train, ...trained, ...adapters.flatMap((id) => adapterBuilds(id, paths))])];
}

type Pools = Pick<SystemsPlan, 'training' | 'adapters'>;

/** The builds that an adapter has learnt from, as far as its manifest says. */
export const adapterBuilds = (id: string, paths: Paths): readonly BuildName[] =>
  findAdapter(id, paths).training?.rows.map(({ build }) => build) ?? [];

/**
 * What a table has to say of a test set whose rows share a row, a text or a key with rows that its systems may have learnt
 * from: a sentence a build, of those whose facts are recorded.
 *
 * @example
 * const { tests, plan, paths } = openStudy('small');
 * sharedWithTraining(tests[0], plan, paths)[0]; // -> 'SciFact: of 450 test rows 2 share their claim and 285 their evidence with scifact/rationales/train.'
 */
export function sharedWithTraining(test: TestSet, plan: Pools, paths: Paths): readonly string[] {
  const rows = recordedFacts(test.test, paths)?.rows ?? [];
  const task = taskOf(test.test, paths).name;
  const known = buildNames(paths);
  return poolsOf(test, plan, paths)
    .filter((pool) => known.includes(pool) && taskOf(pool, paths).name === task)
    .flatMap((pool) => {
      const learnt = recordedFacts(pool, paths)?.rows ?? [];
      // The ids of one data set mean nothing in another.
      const ids = pool.split('/', 1)[0] === test.test.split('/', 1)[0];
      const counted = countShared(learnt, rows, ids);
      if (counted.length === 0) return [];
      const said = counted.map(
        ([name, count], index) =>
          `${formatNumber(count, { format: 'count' })}${index === 0 ? ' share' : ''} their ${name}`,
      );
      const all = [said.slice(0, -1).join(', '), said.at(-1)].filter(Boolean).join(' and ');
      return [
        `${test.title}: of ${formatNumber(rows.length, { format: 'count' })} test rows ${all} with ${pool}.`,
      ];
    });
}

/** How many rows share each text or key, those of which none does left out. */
function countShared(
  learnt: readonly FactsRow[],
  rows: readonly FactsRow[],
  ids: boolean,
): readonly (readonly [string, number])[] {
  const names = new Set(
    rows.flatMap(({ hashes, keys }) => [...Object.keys(hashes), ...(ids ? Object.keys(keys) : [])]),
  );
  return [...names].flatMap((name): readonly (readonly [string, number])[] => {
    const valuesOf = ({ hashes, keys }: FactsRow) => [
      ...[hashes[name] ?? ''].filter(Boolean).map((hash) => `text ${hash}`),
      ...(ids ? (keys[name] ?? []).map((key) => `key ${key}`) : []),
    ];
    const known = new Set(learnt.flatMap(valuesOf));
    const count = rows.filter((row) => valuesOf(row).some((value) => known.has(value))).length;
    return count > 0 ? [[name, count]] : [];
  });
}
