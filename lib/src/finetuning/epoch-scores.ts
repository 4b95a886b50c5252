import { join } from 'node:path';
import type { Adapter } from '../models/adapters.js';
import { findGguf } from '../models/catalogue.js';
import { locateModel } from '../models/locate.js';
import { pinModel } from '../models/pin.js';
import { sha256File } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { progress } from '../project/progress.js';
import { openRecords, type SealedRecord } from '../records/store.js';
import type { LabelScore } from '../scoring/label-score.js';
import { threadsWanted } from '../scoring/llama/provider.js';
import { openLlamaScorer } from '../scoring/llama/scorer.js';
import { findTemplate } from '../scoring/prompt.js';
import { plainWeights } from './base-weights.js';
import { trainingPrograms } from './environment.js';
import { type EpochScores, epochScoresHeader, epochScoresName } from './epoch-record.js';
import { exportAdapter } from './export.js';
import type { TrainedEntry } from './study-training.js';

/**
 * Scores the training rows of a released adapter with its checkpoint at the end of each epoch (Swayamdipta et al.
 * 2020, "Dataset Cartography"), or replays that.
 *
 * @throws UserError if its checkpoints are not here any more.
 */
export async function epochScores(
  adapter: Adapter,
  { entry, prompt, drawn, trained }: TrainedEntry,
  paths: Paths = projectPaths(),
): Promise<SealedRecord<EpochScores>> {
  const header = epochScoresHeader(adapter);
  if (!header || trained.made.fingerprint !== adapter.training?.fingerprint)
    throw new UserError(`the checkpoints of ${adapter.id} are not those that it was released from`);
  const rows = drawn.flatMap((part) => part.rows);
  return openRecords(paths).ensure<EpochScores>({
    header,
    name: epochScoresName(adapter),
    async compute() {
      const { python } = trainingPrograms(paths);
      const model = await pinModel(findGguf(entry.model, paths), paths);
      const { path } = await locateModel(model, paths);
      const plain = await plainWeights(python, path, model.sha256, paths);
      const scores = rows.map((): LabelScore['logprobs'][] => []);
      const place = new Map(rows.map(({ id }, index) => [id, index]));
      const shown = progress(`${adapter.id}, training rows`, rows.length * trained.epochs.length, 'rows');
      const scorer = await openLlamaScorer(path, threadsWanted());
      try {
        for (const checkpoint of trained.epochs) {
          const to = { folder: join(trained.folder, 'epoch'), name: `step-${checkpoint.step}` };
          const weights = { baseName: model.title, base: plain.folder };
          const { gguf } = await exportAdapter(python, checkpoint, to, weights, paths);
          const put = { id: to.name, path: gguf, sha256: await sha256File(gguf) };
          const question = { template: findTemplate(prompt), shots: [], adapter: put };
          await scorer.score(question, rows, ({ id, logprobs }) => {
            scores[place.get(id) ?? -1]?.push(logprobs);
            shown.advance(1);
          });
        }
      } finally {
        shown.done();
        await scorer.dispose();
      }
      return rows.map(({ id, label }, index) => ({ id, label, logprobs: scores[index] ?? [] }));
    },
  });
}
