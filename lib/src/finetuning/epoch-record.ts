import type { Adapter } from '../models/adapters.js';
import { type Paths, projectPaths } from '../project/paths.js';
import type { RecordHeader } from '../records/header.js';
import { openRecords, type SealedRecord } from '../records/store.js';
import type { LabelScore } from '../scoring/label-score.js';
import { llamaCppRelease } from '../scoring/llama/release.js';

/** What the adapter said of a training row after each epoch. */
export interface EpochScores {
  readonly id: string;
  readonly label: string;
  /** For each epoch, as a run has them: natural logarithms over the labels, in the order of the task's labels. */
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

/**
 * The record of a released adapter, if it is there: what training dynamics are computed from.
 *
 * @example
 * const scores = findEpochScores(findAdapter('smollm2-135m-scifact-seed1'));
 * [scores?.rows.length, scores?.rows[0].logprobs.length]; // -> [1008, 2]
 */
export function findEpochScores(
  adapter: Adapter,
  paths: Paths = projectPaths(),
): SealedRecord<EpochScores> | undefined {
  const header = epochScoresHeader(adapter);
  return header && openRecords(paths).find<EpochScores>(header, epochScoresName(adapter));
}

/** The record's name, for people. */
export const epochScoresName = ({ id, model }: Adapter) => `epochs/${model}+${id}`;
