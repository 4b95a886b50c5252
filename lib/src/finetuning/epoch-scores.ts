import { join } from 'node:path';
import type { Adapter } from '../models/adapters.js';
import { findGguf } from '../models/catalogue.js';
import { locateModel } from '../models/locate.js';
import { pinModel } from '../models/pin.js';
import { sha256File } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { progress } from '../project/progress.js';
import { trainingPrograms } from '../project/python.js';
import { openRecords, type SealedRecord } from '../records/store.js';
import { threadsWanted } from '../scoring/llama/provider.js';
import { openLlamaScorer } from '../scoring/llama/scorer.js';
import { findPrompt } from '../tasks/prompt.js';
import { labelled } from '../tasks/row.js';
import { plainWeights } from './base-weights.js';
import type { Checkpoint } from './checkpoints.js';
import { type EpochScores, epochScoresHeader, epochScoresName } from './epoch-record.js';
import { exportAdapter, PEFT_WEIGHTS } from './export.js';
import type { TrainedEntry } from './study-training.js';

/**
 * Scores the training rows of a released adapter with its checkpoint at the end of each epoch (Swayamdipta et al.
 * 2020, "Dataset Cartography"), or replays that.
 *
 * @throws UserError if its checkpoints are not those that it was released from.
 */
export async function epochScores(
  adapter: Adapter,
  { entry, prompt, drawn, trained }: TrainedEntry,
  paths: Paths = projectPaths(),
): Promise<SealedRecord<EpochScores>> {
  const header = epochScoresHeader(adapter);
  const released = adapter.training?.files[PEFT_WEIGHTS];
  if (!header || released === undefined)
    throw new UserError(`${adapter.id} was not trained here: it has no checkpoints`);
  const rows = drawn.flatMap((part) => part.rows);
  return openRecords(paths).ensure<EpochScores>({
    header,
    name: epochScoresName(adapter),
    async compute(partial) {
      const { python } = trainingPrograms(paths);
      const model = await pinModel(findGguf(entry.model, paths), paths);
      const { path } = await locateModel(model, paths);
      const plain = await plainWeights(python, path, model.sha256, paths);
      const exported = (checkpoint: Checkpoint) => {
        const to = { folder: join(trained.folder, 'epoch'), name: `step-${checkpoint.step}` };
        return exportAdapter(python, checkpoint, to, { baseName: model.title, base: plain.folder }, paths);
      };
      const last = trained.epochs.at(-1);
      const weights = last && (await sha256File(join((await exported(last)).folder, PEFT_WEIGHTS)));
      if (weights !== released) {
        throw new UserError(`the checkpoints of ${adapter.id} are not those that it was released from`, {
          at: { file: trained.folder },
          hint: `They were trained again. Delete ${join(paths.adapters, adapter.id)}, and make adapters releases the new ones.`,
        });
      }
      const already = partial.rows.size;
      const all = rows.length * trained.epochs.length;
      const shown = progress(`${adapter.id}, training rows`, all, 'rows', { already });
      const scorer = await openLlamaScorer(path, threadsWanted());
      try {
        partial.computeOn(scorer.device);
        for (const checkpoint of trained.epochs) {
          // Until all are there, a row is kept of each epoch.
          const kept = (id: string) => `${id} after update ${checkpoint.step}`;
          const missing = rows.filter(({ id }) => !partial.rows.has(kept(id)));
          if (missing.length === 0) continue;
          const { gguf } = await exported(checkpoint);
          const put = { id: `step-${checkpoint.step}`, path: gguf, sha256: await sha256File(gguf) };
          const question = { prompt: findPrompt(prompt, paths), shots: [], adapter: put };
          const labels = new Map(labelled(missing).map(({ id, gold }) => [id, gold]));
          await scorer.score(question, missing, ({ id, logprobs }, milliseconds) => {
            const label = labels.get(id);
            if (label) partial.append({ id: kept(id), label, logprobs: [logprobs] }, milliseconds);
            shown.advance(1);
          });
        }
      } finally {
        shown.done();
        await scorer.dispose();
      }
      return labelled(rows).map(({ id, gold: label }) => ({
        id,
        label,
        logprobs: trained.epochs.flatMap(
          ({ step }) => partial.rows.get(`${id} after update ${step}`)?.row.logprobs ?? [],
        ),
      }));
    },
  });
}
