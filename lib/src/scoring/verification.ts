import { loadBuild } from '../datasets/builds.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { randomStream } from '../project/random.js';
import { openRecords } from '../records/store.js';
import type { LabelScore } from './label-score.js';
import { questionOf, type Run, runHeader, runName } from './run.js';
import type { ScorerPool } from './scorer-pool.js';

/** How a run's record compares with scores made here and now. */
export interface Verification {
  readonly run: string;
  /** Rows scored again. */
  readonly rows: number;
  /** Of those, rows equal in every digit. */
  readonly identical: number;
  /** Of those, rows whose most probable label is the same. */
  readonly sameLabel: number;
  /** Largest difference of a log-probability, in nats. */
  readonly largestDifference: number;
}

/**
 * Scores a random sample of a run's rows anew and compares them with its record.
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
  const record = openRecords(paths).find<LabelScore>(runHeader(run, paths), runName(run));
  if (!record) {
    throw new UserError(`${runName(run)} has no record to verify`, { hint: 'make records computes it.' });
  }
  const drawn = new Set(
    randomStream('verification', seed)
      .shuffle(record.rows)
      .slice(0, sample)
      .map(({ id }) => id),
  );
  const recorded = new Map(record.rows.map((row) => [row.id, row]));
  const examples = (await loadBuild(run.test, { paths })).filter(({ id }) => drawn.has(id));
  const again: LabelScore[] = [];
  const question = await questionOf(run, paths);
  await pool.use(run, (scorer) => scorer.score(question, examples, (row) => again.push(row)));

  const pairs = again.flatMap((now) => {
    const then = recorded.get(now.id);
    return then ? [{ now, then }] : [];
  });
  return {
    run: runName(run),
    rows: pairs.length,
    identical: pairs.filter(({ now, then }) => JSON.stringify(now) === JSON.stringify(then)).length,
    sameLabel: pairs.filter(({ now, then }) => top(now) === top(then)).length,
    largestDifference: Math.max(0, ...pairs.flatMap(({ now, then }) => differences(now, then))),
  };
}

function differences(now: LabelScore, then: LabelScore): number[] {
  return now.logprobs.map((logprob, index) => Math.abs(logprob - (then.logprobs[index] ?? Number.NaN)));
}

const top = ({ logprobs }: LabelScore) => logprobs.indexOf(Math.max(...logprobs));
