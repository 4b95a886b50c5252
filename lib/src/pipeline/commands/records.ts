import { UserError } from '../../project/error.js';
import type { Command } from '../command.js';
import { shortPath } from '../notebook.js';

const records: Command = {
  usage: 'records',
  summary:
    'score every run of the study that has no record yet (hours on a CPU; goes on where it was interrupted)',
  options: {},
  async run() {
    const { openStudy } = await import('../../scoring/study.js');
    const study = openStudy();
    let wanting = 0;
    const told = new Set<string>();
    try {
      // Those behind an endpoint first: what they want, a key or money, is said before hours of scoring, not after.
      for (const { model, test, adapter, shots } of [...study.apiRuns, ...study.runs]) {
        try {
          const { path, origin } = await study.said(model, test, { adapter, ...(shots && { shots }) });
          console.log(`${shortPath(path)}: ${origin === 'replayed' ? 'there already' : 'computed'}`);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          // What one run wants keeps no other from being made.
          if (!told.has(error.message)) console.error(error.message);
          told.add(error.message);
          wanting += 1;
        }
      }
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
