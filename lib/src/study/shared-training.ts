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
  return sharedRows(test, plan, paths).map(({ pool, names, byRow }) => {
    const shared = [...byRow.values()];
    const said = names.map((name, index) => {
      const count = shared.filter((each) => each.includes(name)).length;
      return `${formatNumber(count, { format: 'count' })}${index === 0 ? ' share' : ''} their ${name}`;
    });
    const all = [said.slice(0, -1).join(', '), said.at(-1)].filter(Boolean).join(' and ');
    return `${test.title}: of ${formatNumber(byRow.size, { format: 'count' })} test rows ${all} with ${pool}.`;
  });
}

/** What the rows of a test set share with a build that systems may have learnt from. */
export interface SharedRows {
  readonly pool: BuildName;
  /** The texts and keys that some row shares. */
  readonly names: readonly string[];
  /** By the id of every test row: those of them that it shares. */
  readonly byRow: ReadonlyMap<string, readonly string[]>;
}

/** The same row by row, of the builds that any row shares something with. */
export function sharedRows(test: TestSet, plan: Pools, paths: Paths): readonly SharedRows[] {
  const rows = recordedFacts(test.test, paths)?.rows ?? [];
  const task = taskOf(test.test, paths).name;
  const known = buildNames(paths);
  return poolsOf(test, plan, paths)
    .filter((pool) => known.includes(pool) && taskOf(pool, paths).name === task)
    .flatMap((pool) => {
      const learnt = recordedFacts(pool, paths)?.rows ?? [];
      // The ids of one data set mean nothing in another.
      const ids = pool.split('/', 1)[0] === test.test.split('/', 1)[0];
      const shared = namesShared(learnt, rows, ids);
      const names = shared.map(([name]) => name);
      if (names.length === 0) return [];
      const byRow = rows.map(({ id }): [string, string[]] => [
        id,
        shared.flatMap(([name, those]) => (those.has(id) ? [name] : [])),
      ]);
      return [{ pool, names, byRow: new Map(byRow) }];
    });
}

/** The ids of the rows that share each text or key, those that none does left out. */
function namesShared(
  learnt: readonly FactsRow[],
  rows: readonly FactsRow[],
  ids: boolean,
): readonly (readonly [string, ReadonlySet<string>])[] {
  const names = new Set(
    rows.flatMap(({ hashes, keys }) => [...Object.keys(hashes), ...(ids ? Object.keys(keys) : [])]),
  );
  return [...names].flatMap((name): readonly (readonly [string, ReadonlySet<string>])[] => {
    const valuesOf = ({ hashes, keys }: FactsRow) => [
      ...[hashes[name] ?? ''].filter(Boolean).map((hash) => `text ${hash}`),
      ...(ids ? (keys[name] ?? []).map((key) => `key ${key}`) : []),
    ];
    const known = new Set(learnt.flatMap(valuesOf));
    const those = rows.filter((row) => valuesOf(row).some((value) => known.has(value)));
    return those.length > 0 ? [[name, new Set(those.map(({ id }) => id))]] : [];
  });
}
