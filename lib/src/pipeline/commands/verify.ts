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
    const relabelled = given.options['no-models'] ? 0 : await scoreAgain(paths, given);
    if (altered.length > 0) {
      throw new UserError(
        `${altered.length} thing${altered.length === 1 ? ' is' : 's are'} not what was made, see above`,
        {
          hint: 'git checkout data/records restores records; make paper makes the rest again.',
        },
      );
    }
    if (relabelled > 0) {
      throw new UserError(`${relabelled} rows have another answer than their record`, {
        hint: 'Another llama.cpp or CPU moves log-probabilities a little; a label changes only where two were close.',
      });
    }
  },
};
export default verify;

/** Scores a sample of each run for which model and data are here. @returns how many rows have another label. */
async function scoreAgain(paths: Paths, given: Arguments): Promise<number> {
  const [
    { openStudy },
    { verifyRun },
    { encoderAvailability, encoderRuns },
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
  let changed = 0;
  try {
    const study = openStudy(undefined, paths);
    for (const run of study.runs) {
      const { record, missing: absent } = runAvailability(run, paths);
      const name = answersName(run, paths);
      if (!record) {
        console.log(
          `not scored again: ${name} has no record yet (make records)${absent.length > 0 ? `, and needs ${absent.join(' and ')}` : ''}`,
        );
        continue;
      }
      const missing = missingFor(record.header, paths);
      if (missing.length > 0) {
        console.log(`not scored again: ${name} needs ${missing.join(' and ')}`);
        continue;
      }
      const result = await verifyRun(run, { sample, seed }, pool, paths);
      changed += result.rows - result.sameAnswer;
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
    const trained = encoderRuns(encoders, study.tests, paths).filter(
      (run) => encoderAvailability(run, paths).record,
    ).length;
    if (trained > 0)
      console.log(`not scored again: ${trained} runs of encoders, which take a training (make reproduce)`);
  } finally {
    await pool.dispose();
  }
  return changed;
}
