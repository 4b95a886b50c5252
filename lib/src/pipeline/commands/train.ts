import { UserError } from '../../project/error.js';
import { attemptEach } from '../attempts.js';
import { type Command, wholeNumber } from '../command.js';
import { shortPath } from '../notebook/notebook.js';

const train: Command = {
  usage: 'train [ENTRY...]',
  summary:
    'fine-tune what the study’s training entries (or those named) ask for and is missing; goes on where it was interrupted',
  options: {
    seed: { value: 'N', help: 'only with this seed (default: all of an entry)' },
    'dry-run': { help: 'say what is asked for, and train nothing' },
  },
  async run(given) {
    const [{ openStudy }, { trainEntry }, { wantedTrainings }, { adapterId }] = await Promise.all([
      import('../../study/study.js'),
      import('../../finetuning/study-training.js'),
      import('../../study/wanted-trainings.js'),
      import('../../models/training-entry.js'),
    ]);
    const trainings = wantedTrainings(openStudy(), given.names, wholeNumber(given, 'seed'));
    if (given.options['dry-run'] === true) {
      console.log(`asked for: ${trainings.map(({ entry, seed }) => adapterId(entry, seed)).join(', ')}`);
      return;
    }
    const refused = await attemptEach(trainings, async (wanted) => {
      const { trained } = await trainEntry(wanted);
      console.log(`${shortPath(trained.folder)}: trained`);
    });
    if (refused > 0)
      throw new UserError(`${refused} trainings could not be done`, { hint: 'The reasons are above.' });
  },
};
export default train;
