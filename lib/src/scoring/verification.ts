import { loadBuild } from '../datasets/builds.js';
import { canonicalJson } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { randomStream } from '../project/random.js';
import { openRecords } from '../records/store.js';
import type { Row } from '../tasks/row.js';
import { type AnswerRow, answersRecord, isScored } from './answers.js';
import { generateAnswers } from './generation-run.js';
import { questionOf, type Run } from './run.js';
import type { ScorerPool } from './scorer-pool.js';

/** How a run's record compares with answers made here and now. */
export interface Verification {
  readonly run: string;
  /** Rows asked about again. */
  readonly rows: number;
  /** Of those, rows equal in every digit, or in every word. */
  readonly identical: number;
  /** Of those, rows whose answer, or most probable label, is the same. */
  readonly sameAnswer: number;
  /** Largest difference of a log-probability, in nats; undefined of answers in words. */
  readonly largestDifference: number | undefined;
}

/**
 * Asks anew about a random sample of a run's rows and compares the answers with its record.
 *
 * @param sample rows to draw, all if the run has fewer; @param seed which ones.
 * @throws UserError if the run has no record.
 */
export async function verifyRun(
  run: Run,
  { sample, seed }: { readonly sample: number; readonly seed: number },
  pool: ScorerPool,
  paths: Paths = projectPaths(),
): Promise<Verification> {
  const { header, name } = answersRecord(run, paths);
  const record = openRecords(paths).find<AnswerRow>(header, name);
  if (!record) throw new UserError(`${name} has no record to verify`, { hint: 'make records computes it.' });
  const drawn = new Set(
    randomStream('verification', seed)
      .shuffle(record.rows)
      .slice(0, sample)
      .map(({ id }) => id),
  );
  const recorded = new Map(record.rows.map((row) => [row.id, row]));
  const rows = (await loadBuild(run.test, { paths })).filter(({ id }) => drawn.has(id));
  const again = isScored(run, paths)
    ? await scored(run, rows, pool, paths)
    : await generated(run, rows, paths);
  const pairs = again.flatMap((now) => {
    const then = recorded.get(now.id);
    return then ? [{ now, then }] : [];
  });
  const differences = pairs.flatMap(({ now, then }) => differencesOf(now, then));
  return {
    run: name,
    rows: pairs.length,
    identical: pairs.filter(({ now, then }) => JSON.stringify(now) === JSON.stringify(then)).length,
    sameAnswer: pairs.filter(({ now, then }) => saidOf(now) === saidOf(then)).length,
    largestDifference: isScored(run, paths) ? Math.max(0, ...differences) : undefined,
  };
}

async function scored(
  run: Run,
  rows: readonly Row[],
  pool: ScorerPool,
  paths: Paths,
): Promise<readonly AnswerRow[]> {
  const found: AnswerRow[] = [];
  const question = await questionOf(run, paths);
  await pool.use(run, (scorer) => scorer.score(question, rows, (row) => found.push(row)));
  return found;
}

async function generated(run: Run, rows: readonly Row[], paths: Paths): Promise<readonly AnswerRow[]> {
  const found: AnswerRow[] = [];
  await generateAnswers(run, rows, { keep: (row) => found.push(row) }, {}, paths);
  return found;
}

function differencesOf(now: AnswerRow, then: AnswerRow): readonly number[] {
  if (!('logprobs' in now && 'logprobs' in then)) return [];
  return now.logprobs.map((logprob, index) => Math.abs(logprob - (then.logprobs[index] ?? Number.NaN)));
}

/** What a row answers: the place of its most probable label, or the answer read out of its text. */
const saidOf = (row: AnswerRow): string =>
  canonicalJson('logprobs' in row ? row.logprobs.indexOf(Math.max(...row.logprobs)) : row.answer);
