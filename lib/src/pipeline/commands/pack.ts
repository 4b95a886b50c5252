import { UserError } from '../../project/error.js';
import { type Command, wholeNumber } from '../command.js';

const pack: Command = {
  usage: 'pack [ENTRY...]',
  summary:
    'write what the study’s training entries (or those named) ask for into a folder, to be trained on a machine without network',
  options: {
    out: { value: 'DIR', help: 'the folder, which must be empty (needed)' },
    seed: { value: 'N', help: 'only with this seed (default: all of an entry)' },
    'most-megabytes': { value: 'N', help: 'split files that are larger, and what comes back' },
    'no-weights': { help: 'leave the weights out: run.sh is then told where they are' },
    wheels: { help: 'pack the Python packages too, for this kind of machine and this version of Python' },
  },
  async run(given) {
    const { out, wheels, 'no-weights': without } = given.options;
    if (typeof out !== 'string') throw new UserError('say into which folder: --out DIR');
    const [{ openStudy }, { wantedTrainings }, { packTrainings }] = await Promise.all([
      import('../../study/study.js'),
      import('../../study/wanted-trainings.js'),
      import('../../finetuning/elsewhere/pack.js'),
    ]);
    const wanted = wantedTrainings(openStudy(), given.names, wholeNumber(given, 'seed'));
    const most = (wholeNumber(given, 'most-megabytes') ?? 0) * 1e6;
    const options = { most, weights: without !== true, wheels: wheels === true };
    const { jobs, bytes, texts } = await packTrainings(wanted, out, options);
    console.log(`packed: ${jobs.join(', ')}, ${(bytes / 1e6).toFixed(1)} MB`);
    console.log(`It holds text of these data sets; whether it may leave is for you to decide:`);
    for (const text of texts) console.log(`  ${text}`);
    console.log(`There: sh run.sh. Back here: small-claims unpack DIR, of the folder "back" that it makes.`);
  },
};
export default pack;
