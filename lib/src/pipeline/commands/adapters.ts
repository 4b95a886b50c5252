import { existsSync } from 'node:fs';
import { UserError } from '../../project/error.js';
import { projectPaths } from '../../project/paths.js';
import { attemptEach } from '../attempts.js';
import { type Command, wholeNumber } from '../command.js';
import { shortPath } from '../notebook/notebook.js';

const adapters: Command = {
  usage: 'adapters [ENTRY...]',
  summary:
    'train what the study’s training entries (or those named) ask for, compare each adapter in both programs, put it into data/adapters, and score it on every test set of the study',
  options: {
    seed: { value: 'N', help: 'only with this seed (default: all of an entry)' },
    epochs: { help: 'score the training rows at the end of each epoch too, for training dynamics' },
  },
  async run(given) {
    const [
      { openStudy },
      { trainEntry },
      { wantedTrainings },
      { releaseAdapter },
      { namesake, otherwise, releasedAdapter },
      { epochScores },
      { findEpochScores },
      { writeCard },
    ] = await Promise.all([
      import('../../study/study.js'),
      import('../../finetuning/study-training.js'),
      import('../../study/wanted-trainings.js'),
      import('../../finetuning/release.js'),
      import('../../finetuning/entry-adapter.js'),
      import('../../finetuning/epoch-scores.js'),
      import('../../finetuning/epoch-record.js'),
      import('../../study/adapter-card.js'),
    ]);
    const study = openStudy();
    const epochs = given.options['epochs'] === true;
    const trainings = wantedTrainings(study, given.names, wholeNumber(given, 'seed'));
    const refused = await attemptEach(trainings, async (wanted) => {
      const there = releasedAdapter(wanted);
      if (there) console.log(`${there.id}: there already`);
      const other = there ? undefined : namesake(wanted);
      if (other) {
        const how = otherwise(other, wanted).join(', ');
        console.log(`${other.id}: the one there is not this entry’s any more (${how}); it will be replaced`);
      }
      // One that is there is trained again only if its checkpoints are wanted and gone.
      if (!there) await assertReleasable(wanted.entry.model);
      const done = there && (!epochs || findEpochScores(there)) ? undefined : await trainEntry(wanted);
      const adapter = there ?? (done && (await releaseAdapter(study.name, done)));
      if (!adapter) return;
      if (!there) console.log(`${adapter.id}: released`);
      if (done && epochs) console.log(`${shortPath((await epochScores(adapter, done)).path)}: there`);
      for (const { test } of study.tests) {
        const asked = { adapter: adapter.id, ...(wanted.entry.prompt && { prompt: wanted.entry.prompt }) };
        const { path, origin } = await study.responses(adapter.model, test, asked);
        if (origin !== 'replayed') console.log(`${shortPath(path)}: computed`);
      }
      await writeCard(adapter, study);
    });
    await study.close();
    if (refused > 0)
      throw new UserError(`${refused} adapters could not be released or scored`, {
        hint: 'The reasons are above.',
      });
  },
};
export default adapters;

/** @throws UserError before hours of training if what comes of it could not be compared here. */
async function assertReleasable(id: string): Promise<void> {
  const [{ findGguf }, { pinModel }, { plainGguf }, { assertReleaseRoom }] = await Promise.all([
    import('../../models/catalogue.js'),
    import('../../models/pin.js'),
    import('../../finetuning/base-weights.js'),
    import('../../finetuning/estimate.js'),
  ]);
  const model = await pinModel(findGguf(id));
  assertReleaseRoom(model, existsSync(plainGguf(model.sha256, projectPaths())));
}
