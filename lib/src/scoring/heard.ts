import { findModel, tellsLogprobs } from '../models/catalogue.js';
import { knownHash } from '../models/pin.js';
import type { Paths } from '../project/paths.js';
import type { RecordHeader } from '../records/header.js';
import type { Identified } from '../records/row.js';
import { openRecords, recordName, type SealedRecord } from '../records/store.js';
import { isToBeMade, missingFor, missingModel } from './at-hand.js';
import type { Generation } from './generation.js';
import { generationHeader, generationName } from './generation-run.js';
import type { LabelScore } from './label-score.js';
import { type Run, runHeader, runName } from './run.js';

/** The record of a run, or what is not here of all that making it takes, in words. */
export interface AtHand<Row extends Identified = LabelScore | Generation> {
  readonly record?: SealedRecord<Row>;
  /** Whether a reproduction wants it to be made. */
  readonly wanted?: boolean;
  readonly missing: readonly string[];
}

/** Whether a run has a record or can be made on this machine as it is. Nothing is downloaded, asked or computed. */
export async function atHand(run: Run, paths: Paths): Promise<AtHand> {
  const model = findModel(run.model, paths);
  // A model nobody has downloaded yet has no hash, so that no record can be of it.
  if (model.provider === 'gguf' && knownHash(model, paths) === undefined) {
    const missing = missingModel(model.id, paths);
    if (missing !== undefined) return { missing: [missing] };
  }
  const answers = !tellsLogprobs(model);
  const header = answers ? await generationHeader(run, {}, paths) : await runHeader(run, paths);
  const name = answers ? generationName(run) : runName(run);
  return recordAtHand(header, name, paths);
}

/** The same of any record, by its header and name. */
export function recordAtHand<Row extends Identified>(
  header: RecordHeader,
  name: string,
  paths: Paths,
): AtHand<Row> {
  const record = openRecords(paths).find<Row>(header, name);
  if (record) return { record, missing: [] };
  return { missing: missingFor(header, paths), wanted: isToBeMade(recordName(header, name)) };
}
