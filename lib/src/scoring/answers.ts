import { taskOf } from '../datasets/builds.js';
import { findModel, tellsLogprobs } from '../models/catalogue.js';
import { identityOf } from '../models/identity.js';
import type { Paths } from '../project/paths.js';
import type { RecordHeader } from '../records/header.js';
import { isToBeMade } from '../records/remaking.js';
import type { Identified } from '../records/row.js';
import { openRecords, recordName, type SealedRecord } from '../records/store.js';
import type { Generation } from './generation.js';
import { answerRun, generationHeader, generationName } from './generation-run.js';
import type { LabelScore } from './label-score.js';
import { missingFor, missingModel } from './missing.js';
import { type Run, runHeader, runName, scoreRun } from './run.js';
import type { ScorerPool } from './scorer-pool.js';

/** A row of what a system answers: log-probabilities of labels, or an answer that it gave in words. */
export type AnswerRow = LabelScore | Generation;

/** Whether a run is scored by the log-probabilities of labels; else the model is made to write. */
export const isScored = (run: Run, paths: Paths): boolean =>
  tellsLogprobs(findModel(run.model, paths)) && taskOf(run.test, paths).shape === 'one-of';

/** The name of a run's record, for people. */
export const answersName = (run: Run, paths: Paths): string =>
  isScored(run, paths) ? runName(run) : generationName(run);

/** The header and name of a run's record. @throws UserError where nobody has downloaded the model yet. */
export function answersRecord(
  run: Run,
  paths: Paths,
): { readonly header: RecordHeader; readonly name: string } {
  const header = isScored(run, paths) ? runHeader(run, paths) : generationHeader(run, {}, paths);
  return { header, name: answersName(run, paths) };
}

/** What a model answers about a build: replayed where there is a record, else asked for. */
export const answersOf = (run: Run, pool: ScorerPool, paths: Paths): Promise<SealedRecord<AnswerRow>> =>
  isScored(run, paths) ? scoreRun(run, pool, paths) : answerRun(run, {}, paths);

/** A record, or what is not here of all that making it takes, in words. */
export interface Availability<Row extends Identified> {
  readonly record?: SealedRecord<Row>;
  /** Whether a reproduction wants it to be made. */
  readonly wanted?: boolean;
  readonly missing: readonly string[];
}

/** Whether a run has a record or can be made on this machine as it is. Nothing is downloaded, asked or computed. */
export function runAvailability(run: Run, paths: Paths): Availability<AnswerRow> {
  const model = findModel(run.model, paths);
  // A model nobody has downloaded yet has no hash, so that no record can be of it.
  if (identityOf(model, paths) === undefined)
    return { missing: [missingModel(model.id, paths) ?? `the hash of ${model.id} (make models)`] };
  const { header, name } = answersRecord(run, paths);
  return recordAvailability(header, name, paths);
}

/** The same of any record, by its header and name. */
export function recordAvailability<Row extends Identified>(
  header: RecordHeader,
  name: string,
  paths: Paths,
): Availability<Row> {
  const record = openRecords(paths).find<Row>(header, name);
  if (record) return { record, missing: [] };
  return { missing: missingFor(header, paths), wanted: isToBeMade(recordName(header, name)) };
}
