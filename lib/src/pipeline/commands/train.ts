import { type Command, wholeNumber } from '../command.js';
import { shortPath } from '../notebook.js';

const train: Command = {
  usage: 'train [ENTRY...]',
  summary:
    'fine-tune what the study’s training entries (or those named) ask for and is missing; goes on where it was interrupted',
  options: { seed: { value: 'N', help: 'only with this seed (default: all of an entry)' } },
  async run(given) {
    const [{ openStudy }, { trainEntry }, { wantedTrainings }] = await Promise.all([
      import('../../scoring/study.js'),
      import('../../finetuning/study-training.js'),
      import('../../finetuning/wanted.js'),
    ]);
    for (const wanted of wantedTrainings(openStudy(), given.names, wholeNumber(given, 'seed'))) {
      const { trained } = await trainEntry(wanted);
      console.log(`${shortPath(trained.folder)}: trained`);
    }
  },
};
export default train;
