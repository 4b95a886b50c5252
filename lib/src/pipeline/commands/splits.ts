import { UserError } from '../../project/error.js';
import type { Command } from '../command.js';
import { shortPath } from '../notebook/notebook.js';

const splits: Command = {
  usage: 'splits',
  summary:
    'write the splits of the study that share no claim and no document into data/splits: ids alone, from facts of rows\n\n' +
    'A file a data set, a training row a line: whether it is apart from the test set, and whether each seed learns from it.',
  options: {},
  async run({ names }) {
    if (names.length > 0)
      throw new UserError('splits takes no names', { hint: 'Set STUDY for another study.' });
    const [{ openStudy }, { projectPaths }, { releasedSplits }, { writeFileAtomic }, { fileStem }, { join }] =
      await Promise.all([
        import('../../study/study.js'),
        import('../../project/paths.js'),
        import('../../audit/builds/released-splits.js'),
        import('../../project/atomic.js'),
        import('../../datasets/build-name.js'),
        import('node:path'),
      ]);
    const paths = projectPaths();
    const { plan } = openStudy(undefined, paths);
    for (const { train, test } of plan.datasets) {
      const file = join(paths.root, 'data', 'splits', `${fileStem(train)}.csv`);
      writeFileAtomic(file, await releasedSplits({ train, test, ...plan.split }, paths));
      console.log(`written: ${shortPath(file)}`);
    }
  },
};
export default splits;
