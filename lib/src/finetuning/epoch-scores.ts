import { join } from 'node:path';
import type { Label } from '../datasets/example.js';
import type { Adapter } from '../models/adapters.js';
import { findGguf } from '../models/catalogue.js';
import { locateModel } from '../models/locate.js';
import { pinModel } from '../models/pin.js';
import { sha256File } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { progress } from '../project/progress.js';
import type { RecordHeader } from '../records/header.js';
import { openRecords, type SealedRecord } from '../records/store.js';
import type { LabelScore } from '../scoring/label-score.js';
import { threadsWanted } from '../scoring/llama/provider.js';
import { llamaCppRelease } from '../scoring/llama/release.js';
import { openLlamaScorer } from '../scoring/llama/scorer.js';
import { findTemplate } from '../scoring/prompt.js';
import { plainWeights } from './base-weights.js';
import { trainingPrograms } from './environment.js';
import { exportAdapter } from './export.js';
import type { TrainedEntry } from './study-training.js';

/** What the adapter said of a training row after each epoch. */
export interface EpochScores {
  readonly id: string;
  readonly label: Label;
  /** For each epoch, as a run has them: natural logarithms over the labels, in the order of LABELS. */
  readonly logprobs: readonly LabelScore['logprobs'][];
}

/** The header of an adapter's record of them; undefined of one that was not trained here. */
export function epochScoresHeader({ id, sha256, training }: Adapter): RecordHeader | undefined {
  if (!training) return undefined;
  const { modelSha256, fingerprint, prompt } = training;
  return {
    kind: 'epochs',
    adapter: { id, sha256 },
    ...{ model: { sha256: modelSha256 }, fingerprint, prompt, epochs: training.hyper.epochs },
    llamaCpp: llamaCppRelease(),
  };
}

/** The record of a released adapter, if it is there: what training dynamics are computed from. */
export function findEpochScores(
  adapter: Adapter,
  paths: Paths = projectPaths(),
): SealedRecord<EpochScores> | undefined {
  const header = epochScoresHeader(adapter);
  return header && openRecords(paths).find<EpochScores>(header, recordName(adapter));
}

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
    name: recordName(adapter),
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

const recordName = ({ id, model }: Adapter) => `epochs/${model}+${id}`;
