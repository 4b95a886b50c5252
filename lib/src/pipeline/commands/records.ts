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
    try {
      for (const { model, test } of study.runs) {
        const { path, origin } = await study.scores(model, test);
        console.log(`${shortPath(path)}: ${origin === 'replayed' ? 'there already' : 'computed'}`);
      }
    } finally {
      await study.close();
    }
  },
};
export default records;
