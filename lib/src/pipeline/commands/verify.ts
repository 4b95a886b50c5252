import { UserError } from '../../project/error.js';
import { projectPaths } from '../../project/paths.js';
import { type Command, positiveNumber } from '../command.js';

const verify: Command = {
  usage: 'verify',
  summary: 'score a random sample of every run of the study again and compare it with the records',
  options: {
    sample: { value: 'N', help: 'rows of each run (default 10)' },
    seed: { value: 'N', help: 'which rows (default: another sample every day)' },
    model: { value: 'ID', help: 'only the runs of this model' },
  },
  async run(given) {
    const [{ openStudy }, { verifyRun }, { ScorerPool }] = await Promise.all([
      import('../../scoring/study.js'),
      import('../../scoring/verification.js'),
      import('../../scoring/scorer-pool.js'),
    ]);
    const paths = projectPaths();
    const sample = Math.ceil(positiveNumber(given, 'sample') ?? 10);
    const seed = positiveNumber(given, 'seed') ?? Math.floor(Date.now() / 86_400_000);
    const { model } = given.options;
    const runs = openStudy().runs.filter((run) => model === undefined || run.model === model);
    if (runs.length === 0) throw new UserError(`the study has no runs of a model "${model}"`);
    const pool = new ScorerPool(paths);
    let flipped = 0;
    try {
      console.log(`${sample} rows of each run, seed ${seed}`);
      for (const run of runs) {
        const { rows, identical, sameLabel, largestDifference } = await verifyRun(
          run,
          { sample, seed },
          pool,
          paths,
        );
        flipped += rows - sameLabel;
        const difference =
          largestDifference === 0
            ? 'no difference'
            : `largest difference ${largestDifference.toPrecision(2)} nats`;
        console.log(
          `${run.model} on ${run.test}: ${identical} of ${rows} identical, ${sameLabel} same label, ${difference}`,
        );
      }
    } finally {
      await pool.dispose();
    }
    // Another CPU or GPU moves the last digits; a row that reads the other way is more than that.
    if (flipped > 0) throw new UserError(`${flipped} rows get another label here than in the records`);
  },
};
export default verify;
