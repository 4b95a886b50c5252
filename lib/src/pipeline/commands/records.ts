import { UserError } from '../../project/error.js';
import type { Run } from '../../scoring/run.js';
import type { Command } from '../command.js';
import { shortPath } from '../notebook.js';

const records: Command = {
  usage: 'records',
  summary:
    'score every run of the study that has no record yet, and train the encoders it takes (hours on a CPU; goes on where it was interrupted)',
  options: {},
  async run() {
    const [{ openStudy }, { encoderRun, encoderRuns }, { adapterIds, findAdapter }, { writeCard }] =
      await Promise.all([
        import('../../scoring/study.js'),
        import('../../finetuning/encoder-run.js'),
        import('../../models/adapters.js'),
        import('../adapter-card.js'),
      ]);
    const study = openStudy();
    const encoders = (study.plan.training ?? []).filter((entry) => entry.method === 'encoder');
    let wanting = 0;
    const told = new Set<string>();
    try {
      const asked = (runs: readonly Run[]) =>
        runs.map(
          ({ model, test, adapter, shots }) =>
            () =>
              study.said(model, test, { adapter, ...(shots && { shots }) }),
        );
      // Those behind an endpoint first: what they want, a key or money, is said before hours of scoring, not after.
      for (const make of [
        ...asked(study.apiRuns),
        ...encoderRuns(encoders, study.tests).map((run) => () => encoderRun(run)),
        ...asked(study.runs),
      ]) {
        try {
          const { path, origin } = await make();
          console.log(`${shortPath(path)}: ${origin === 'replayed' ? 'there already' : 'computed'}`);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          // What one run wants keeps no other from being made.
          if (!told.has(error.message)) console.error(error.message);
          told.add(error.message);
          wanting += 1;
        }
      }
      // The cards of adapters tell their scores.
      for (const id of adapterIds()) await writeCard(findAdapter(id), study);
    } finally {
      await study.close();
    }
    if (wanting > 0) {
      throw new UserError(`${wanting} of the study’s records could not be made`, {
        hint: 'The reasons are above.',
      });
    }
  },
};
export default records;
