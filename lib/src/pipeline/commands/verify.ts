import { UserError } from '../../project/error.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { checkIntegrity } from '../check/integrity.js';
import { type Arguments, type Command, positiveInteger } from '../command.js';

const DEFAULT_SAMPLE = 10;

const verify: Command = {
  usage: 'verify',
  summary:
    'find what was changed by hand in records, published values, figures and the paper; then score a random sample of every run again and compare',
  options: {
    sample: { value: 'ROWS', help: `rows of each run (default: ${DEFAULT_SAMPLE})` },
    seed: { value: 'N', help: 'which rows (default: another sample each time)' },
    'no-models': { help: 'compare files with what they were when they were made, and score nothing' },
  },
  async run(given) {
    const paths = projectPaths();
    const { whole, altered, skipped } = checkIntegrity(paths);
    for (const text of whole) console.log(`whole: ${text}`);
    for (const text of skipped) console.log(`not checked: ${text}`);
    for (const text of altered) console.log(`ALTERED: ${text}`);
    const again = given.options['no-models'] ? undefined : await scoreAgain(paths, given);
    if (altered.length > 0) {
      throw new UserError(
        `not verified: ${altered.length} thing${altered.length === 1 ? ' is' : 's are'} not what was made, see above`,
        {
          hint: 'git checkout data/records restores records; make paper makes the rest again.',
        },
      );
    }
    if (again && again.relabelled > 0) {
      throw new UserError(`not verified: ${again.relabelled} rows have another answer than their record`, {
        hint: 'Another llama.cpp or CPU moves log-probabilities a little; a label changes only where two were close.',
      });
    }
    console.log(verdictText(again, skipped.length));
  },
};
export default verify;

/** What scoring again has found. */
interface ScoredAgain {
  readonly rows: number;
  readonly runs: number;
  /** Rows with another answer. */
  readonly relabelled: number;
  readonly leftOut: number;
}

/** All of it in a line. */
function verdictText(again: ScoredAgain | undefined, unchecked: number): string {
  const scored =
    again === undefined
      ? 'no row was scored again (--no-models)'
      : again.runs === 0
        ? 'no row was scored again, since what that takes is not here'
        : `${again.rows} rows of ${again.runs} runs, scored again, have the same answer`;
  return [
    'verified: nothing was changed by hand',
    scored,
    ...(again && again.leftOut > 0 ? [`${again.leftOut} runs were not scored again`] : []),
    ...(unchecked > 0 ? [`${unchecked} thing${unchecked === 1 ? ' was' : 's were'} not checked`] : []),
  ].join('; ');
}

/** Scores a sample of each run for which model and data are here. */
async function scoreAgain(paths: Paths, given: Arguments): Promise<ScoredAgain> {
  const [
    { openStudy },
    { verifyRun },
    { encoderAvailability, encoderRunName, encoderRuns },
    { ScorerPool },
    { missingFor },
    { answersName, runAvailability },
  ] = await Promise.all([
    import('../../study/study.js'),
    import('../../scoring/verification.js'),
    import('../../finetuning/encoder-run.js'),
    import('../../scoring/scorer-pool.js'),
    import('../../scoring/missing.js'),
    import('../../scoring/answers.js'),
  ]);
  const sample = positiveInteger(given, 'sample') ?? DEFAULT_SAMPLE;
  const seed = positiveInteger(given, 'seed', Number.MAX_SAFE_INTEGER) ?? Math.ceil(Math.random() * 1e6);
  console.log(`${sample} rows of each run, seed ${seed}`);
  const pool = new ScorerPool(paths);
  const leftOut: { readonly name: string; readonly why: string }[] = [];
  let [rows, runs, relabelled] = [0, 0, 0];
  try {
    const study = openStudy(undefined, paths);
    for (const run of study.runs) {
      const { record, missing: absent } = runAvailability(run, paths);
      const name = answersName(run, paths);
      if (!record) {
        const needs = absent.length > 0 ? `, and needs ${absent.join(' and ')}` : '';
        leftOut.push({ name, why: `no record yet (make records)${needs}` });
        continue;
      }
      const missing = missingFor(record.header, paths);
      if (missing.length > 0) {
        leftOut.push({ name, why: `needs ${missing.join(' and ')}` });
        continue;
      }
      const result = await verifyRun(run, { sample, seed }, pool, paths);
      rows += result.rows;
      runs += 1;
      relabelled += result.rows - result.sameAnswer;
      console.log(
        `${result.run}: ${result.identical} of ${result.rows} rows identical, ${result.sameAnswer} with the same answer` +
          (result.largestDifference === undefined
            ? ''
            : `, largest difference ${result.largestDifference.toPrecision(2)} nats`),
      );
    }
    const encoders = (study.plan.training ?? []).flatMap((entry) =>
      entry.method === 'encoder' ? [entry] : [],
    );
    for (const run of encoderRuns(encoders, study.tests, paths))
      if (encoderAvailability(run, paths).record)
        leftOut.push({ name: encoderRunName(run), why: 'takes a training (make reproduce)' });
  } finally {
    await pool.dispose();
  }
  for (const why of new Set(leftOut.map((each) => each.why))) {
    const names = leftOut.filter((each) => each.why === why).map(({ name }) => name);
    console.log(`not scored again, ${names.length === 1 ? 'one run' : `${names.length} runs`}: ${why}`);
    for (const name of names) console.log(`  ${name}`);
  }
  return { rows, runs, relabelled, leftOut: leftOut.length };
}
