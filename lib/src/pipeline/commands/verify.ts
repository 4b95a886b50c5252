import { UserError } from '../../project/error.js';
import { projectPaths } from '../../project/paths.js';
import { type Command, positiveInteger } from '../command.js';

const DEFAULT_SAMPLE = 10;

const verify: Command = {
  usage: 'verify',
  summary: 'score a random sample of every run of the study again, here and now, and compare with its record',
  options: {
    sample: { value: 'ROWS', help: `rows of each run (default: ${DEFAULT_SAMPLE})` },
    seed: { value: 'N', help: 'which rows (default: another sample each time)' },
  },
  async run(given) {
    const [{ openStudy }, { verifyRun }, { ScorerPool }] = await Promise.all([
      import('../../scoring/study.js'),
      import('../../scoring/verification.js'),
      import('../../scoring/scorer-pool.js'),
    ]);
    const paths = projectPaths();
    const sample = positiveInteger(given, 'sample') ?? DEFAULT_SAMPLE;
    const seed = positiveInteger(given, 'seed') ?? Math.ceil(Math.random() * 1e6);
    console.log(`${sample} rows of each run, seed ${seed}`);
    const pool = new ScorerPool(paths);
    let changed = 0;
    try {
      for (const run of openStudy().runs) {
        const result = await verifyRun(run, { sample, seed }, pool, paths);
        changed += result.rows - result.sameLabel;
        console.log(
          `${result.run}: ${result.identical} of ${result.rows} rows identical, ${result.sameLabel} with the same label, ` +
            `largest difference ${result.largestDifference.toPrecision(2)} nats`,
        );
      }
    } finally {
      await pool.dispose();
    }
    if (changed > 0) {
      throw new UserError(`${changed} rows have another label than their record`, {
        hint: 'Another llama.cpp or CPU moves log-probabilities a little; a label changes only where two were close.',
      });
    }
  },
};
export default verify;
