import type { Command } from '../command.js';

const records: Command = {
  usage: 'records',
  summary:
    'compute the runs of the study (STUDY) that have no record yet; interrupted, it goes on where it stopped',
  options: {},
  async run() {
    const { openStudy } = await import('../../scoring/study.js');
    const study = openStudy();
    try {
      for (const { model, test } of study.runs) {
        const { path, rows, origin } = await study.scores(model, test);
        console.log(`${origin === 'computed' ? 'computed' : 'there    '} ${rows.length} rows  ${path}`);
      }
    } finally {
      await study.close();
    }
  },
};
export default records;
