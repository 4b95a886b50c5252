import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../../project/atomic.js';
import { filesUnder } from '../../project/folder.js';
import type { Paths } from '../../project/paths.js';
import { readMaking } from '../../records/making.js';
import { headerOf } from '../../records/record-file.js';
import { MAKING_VARIABLE } from '../../records/remaking.js';
import { missingFor, modelOf } from '../../scoring/missing.js';

/** A committed record that is used as it is, and why it is not made again. */
export interface Taken {
  /** Relative to the records, without ending. */
  readonly record: string;
  readonly why: string;
  /** Whether it was not asked for: `--models` leaves its model out. */
  readonly unasked?: boolean;
}

/** The places of the two sides of a reproduction: all they write lies under build/reproduce, and nothing committed is touched. */
export function reproductionPaths(paths: Paths): { readonly committed: Paths; readonly again: Paths } {
  const build = join(paths.build, 'reproduce');
  return { committed: pathsUnder(join(build, 'committed'), paths), again: pathsUnder(build, paths) };
}

function pathsUnder(build: string, paths: Paths): Paths {
  return {
    ...paths,
    build,
    records: join(build, 'records'),
    training: join(build, 'training'),
    published: join(build, 'published'),
    executed: join(build, 'notebooks'),
    figures: join(build, 'figures'),
  };
}

/** The models that an option tells to score again, `none` of them, or undefined for all that are here. */
export function modelsWanted(told: string | boolean | undefined): readonly string[] | undefined {
  if (typeof told !== 'string') return undefined;
  return told === 'none' ? [] : told.split(',');
}

/**
 * Does something with kernels and this process finding records and trainings in a side's folders, and only meanwhile.
 *
 * @param make a file that lists the records to be made that a notebook else only replays; none: none.
 */
export async function withRecords<Result>(
  { records, training }: Pick<Paths, 'records' | 'training'>,
  { make }: { readonly make?: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const before = { ...process.env };
  process.env['SMALL_CLAIMS_RECORDS'] = records;
  process.env['SMALL_CLAIMS_TRAINING'] = training;
  process.env[MAKING_VARIABLE] = make ?? '';
  try {
    return await work();
  } finally {
    for (const name of ['SMALL_CLAIMS_RECORDS', 'SMALL_CLAIMS_TRAINING', MAKING_VARIABLE]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

/** The records of a folder, by name without ending. */
export function recordsIn({ records }: Pick<Paths, 'records'>): readonly string[] {
  return filesUnder(records).flatMap((file) =>
    file.endsWith('.jsonl.gz') ? [file.slice(0, -'.jsonl.gz'.length)] : [],
  );
}

/** Copies records, each with its making. */
export function copyRecords(names: readonly string[], from: string, to: string): void {
  for (const file of names.flatMap((name) => ENDINGS.map((ending) => `${name}${ending}`))) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    copyFileSync(join(from, file), join(to, file));
  }
}

/**
 * Lays the committed records that cannot be made again into the reproduction's; those that can are left to be made, and
 * listed in a file. What an interrupted reproduction has made stays.
 *
 * @param models made again, with all of their adapters and classifiers; undefined for all that are here.
 */
export function takeRecords(
  committed: Paths,
  again: Paths,
  models: readonly string[] | undefined,
): { readonly taken: readonly Taken[]; readonly toBeMade: string } {
  const list = join(again.build, 'taken.json');
  const before: readonly Taken[] = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
  for (const { record } of before) {
    for (const ending of ENDINGS) rmSync(join(again.records, `${record}${ending}`), { force: true });
  }
  const all = recordsIn(committed);
  const taken = all.flatMap((record): Taken[] => {
    const header = headerOf(join(committed.records, `${record}.jsonl.gz`));
    const model = modelOf(header);
    if (models && model !== undefined && !models.includes(model))
      return [{ record, why: `--models does not name ${model}`, unasked: true }];
    const missing = missingFor(header, committed);
    return missing.length > 0 ? [{ record, why: missing.join(' and ') }] : [];
  });
  copyRecords(
    taken.map(({ record }) => record),
    committed.records,
    again.records,
  );
  writeFileAtomic(list, `${JSON.stringify(taken, null, 2)}\n`);
  const kept = new Set(taken.map(({ record }) => record));
  const toBeMade = join(again.build, 'to-be-made.json');
  writeFileAtomic(
    toBeMade,
    `${JSON.stringify(
      all.filter((record) => !kept.has(record)),
      null,
      2,
    )}\n`,
  );
  return { taken, toBeMade };
}

const ENDINGS = ['.jsonl.gz', '.making.json'];

/** The machines that records were made on, with how many each, in words. */
export function machinesOf({ records }: Pick<Paths, 'records'>): readonly string[] {
  const counts = new Map<string, number>();
  for (const file of filesUnder(records).filter((name) => name.endsWith('.making.json'))) {
    const { machine } = readMaking(join(records, file)).making;
    const { cpu, cores, memoryGiB, system, node, device } = machine;
    const text = `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}${device ? `, ${device}` : ''}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => `${text} (${count} record${count === 1 ? '' : 's'})`);
}
