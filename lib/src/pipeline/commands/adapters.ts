import { UserError } from '../../project/error.js';
import { type Command, wholeNumber } from '../command.js';

const adapters: Command = {
  usage: 'adapters [ENTRY...]',
  summary:
    'train what the study’s training entries (or those named) ask for, compare each adapter in both programs, and put it into data/adapters',
  options: { seed: { value: 'N', help: 'only with this seed (default: all of an entry)' } },
  async run(given) {
    const [{ openStudy }, { trainEntry }, { wantedTrainings }, { releaseAdapter, releasedAdapter }] =
      await Promise.all([
        import('../../scoring/study.js'),
        import('../../finetuning/study-training.js'),
        import('../../finetuning/wanted.js'),
        import('../../finetuning/release.js'),
      ]);
    const study = openStudy();
    let refused = 0;
    for (const wanted of wantedTrainings(study, given.names, wholeNumber(given, 'seed'))) {
      if (wanted.entry.method === 'full') continue;
      const there = releasedAdapter(wanted);
      if (there) {
        console.log(`${there.id}: there already`);
        continue;
      }
      try {
        const adapter = await releaseAdapter(study.name, await trainEntry(wanted));
        console.log(`${adapter.id}: released`);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        // What one adapter wants keeps no other from being made.
        console.error(error.message);
        refused += 1;
      }
    }
    if (refused > 0)
      throw new UserError(`${refused} adapters could not be released`, { hint: 'The reasons are above.' });
  },
};
export default adapters;
