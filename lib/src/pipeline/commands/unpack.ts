import { UserError } from '../../project/error.js';
import { attemptEach } from '../attempts.js';
import type { Command } from '../command.js';
import adapters from './adapters.js';

const unpack: Command = {
  usage: 'unpack [DIR...]',
  summary:
    'file what came back of trainings that were packed, once it is seen to be whole and what the study asks for, and go on as adapters does',
  options: { 'no-release': { help: 'file the trainings alone' } },
  async run(given) {
    if (given.names.length === 0) throw new UserError('say which folder came back');
    const [{ openStudy }, { wantedTrainings }, { returnedJobs, unpackTraining }] = await Promise.all([
      import('../../study/study.js'),
      import('../../study/wanted-trainings.js'),
      import('../../finetuning/elsewhere/unpack.js'),
    ]);
    const wanted = wantedTrainings(openStudy());
    const refused = await attemptEach(given.names.flatMap(returnedJobs), async (told) => {
      const { entry, seed } = await unpackTraining(told, wanted);
      console.log(`${entry.id}, seed ${seed}: filed`);
      if (given.options['no-release'] === true) return;
      await adapters.run({ names: [entry.id], options: { seed: String(seed) } });
    });
    if (refused > 0)
      throw new UserError(`${refused} trainings were not filed`, { hint: 'The reasons are above.' });
  },
};
export default unpack;
