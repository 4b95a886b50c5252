import type { BuildName } from '../../datasets/build-name.js';
import { buildHeader, buildNames, drawnFrom, loadBuild, taskOf } from '../../datasets/builds.js';
import { type FactsRow, factsOf, recordedFacts } from '../../datasets/facts.js';
import { UserError } from '../../project/error.js';
import type { Paths } from '../../project/paths.js';
import { openRecords, type Records } from '../../records/store.js';
import type { LabelScore } from '../../scoring/label-score.js';
import { hasRelease } from '../../scoring/missing.js';
import { runHeader, runName } from '../../scoring/run.js';
import { openStudy } from '../study.js';
import { type Line, lineThrough } from './estimate.js';

/** How many rows a build has and how long its prompts are, as far as the committed records tell. */
export interface BuildSize {
  /** Undefined where nobody has recorded the build's facts, and its data are not at hand. */
  readonly rows: number | undefined;
  /** What is known of these rows. */
  readonly facts: readonly FactsRow[] | undefined;
  /** Why its data, which are at hand, cannot be read. */
  readonly flaw: string | undefined;
  /** Prompt tokens of a row, on the average. */
  readonly promptTokens: number;
  /** Tokens of claim and evidence alone, on the average. */
  readonly pairTokens: number;
  /** The build whose texts stand for this one's, where its own have not been recorded. */
  readonly like: BuildName | undefined;
}

/**
 * Measures builds by the committed records, and those of `builds` that have none by their data, if these are at hand: no
 * model or network is needed.
 */
export async function buildSizes(
  paths: Paths,
  builds: readonly BuildName[] = [],
): Promise<(name: BuildName) => BuildSize> {
  const records = openRecords(paths);
  const line = await promptLine(records, paths);
  const counted = new Map<BuildName, Counted>();
  for (const name of builds)
    if (!recordedFacts(name, paths, records)) counted.set(name, await countedFacts(name, paths));
  return (name) => {
    const { rows: read, flaw } = counted.get(name) ?? {};
    const own = read ? { rows: read } : recordedFacts(name, paths, records);
    const others = buildNames(paths).filter((other) => drawnFrom(other, paths) === drawnFrom(name, paths));
    const like = own ? undefined : others.find((other) => recordedFacts(other, paths, records));
    const facts = own ?? (like && recordedFacts(like, paths, records));
    const words = facts ? meanWords(facts.rows) : 0;
    return {
      rows: own?.rows.length,
      facts: own?.rows,
      flaw,
      promptTokens: line.base + line.slope * words,
      pairTokens: line.slope * words,
      like,
    };
  };
}

interface Counted {
  readonly rows?: readonly FactsRow[];
  readonly flaw?: string;
}

/** The facts of a build whose files are all at hand, kept nowhere. Of a file with another content, reading says so. */
async function countedFacts(name: BuildName, paths: Paths): Promise<Counted> {
  if (!Object.keys(buildHeader(name, paths).files).every((file) => hasRelease(file, paths))) return {};
  const task = taskOf(name, paths);
  try {
    return { rows: (await loadBuild(name, { paths })).map((row) => factsOf(row, task)) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { flaw: error.message.split('\n', 1)[0] ?? '' };
  }
}

/** Prompt tokens by words, through every row of the small study's zero-shot records. */
async function promptLine(records: Records, paths: Paths): Promise<Line> {
  const points: (readonly [number, number])[] = [];
  for (const run of openStudy('small', paths).runs.filter(({ adapter, shots }) => !adapter && !shots)) {
    const record = records.find<LabelScore>(runHeader(run, paths), runName(run));
    const facts = recordedFacts(run.test, paths, records);
    const words = new Map(facts?.rows.map((row) => [row.id, wordsOf(row)]));
    for (const { id, promptTokens } of record?.rows ?? []) {
      const of = words.get(id);
      if (of !== undefined) points.push([of, promptTokens]);
    }
  }
  return lineThrough(points);
}

function meanWords(rows: readonly FactsRow[]): number {
  return rows.reduce((sum, row) => sum + wordsOf(row), 0) / rows.length;
}

/** Of all fields together. */
const wordsOf = ({ words }: FactsRow): number => Object.values(words).reduce((sum, count) => sum + count, 0);
