import type { BuildName } from '../../datasets/build-name.js';
import type { RecordedAnswer } from '../../metrics/answers.js';
import type { Model } from '../../models/catalogue.js';
import type { Paths } from '../../project/paths.js';
import type { RecordHeader } from '../../records/header.js';
import { isToBeMade } from '../../records/remaking.js';
import { openRecords, recordName } from '../../records/store.js';
import type { Source } from '../../reporting/publication.js';
import type { AnswerRow } from '../../scoring/answers.js';
import type { Generation } from '../../scoring/generation.js';
import type { Run } from '../../scoring/run.js';

/** Rows that every system of a study is tried on. */
export interface TestSet {
  /** For people, e.g. `SciFact`. */
  readonly title: string;
  /** The title of the data set it belongs to. */
  readonly dataset: string;
  /** The data set's training pool: where solved examples come from. */
  readonly train: BuildName;
  readonly test: BuildName;
  /** The prompt by which models are asked about it. */
  readonly prompt: string;
}

/** What a system answers about a test set: a record, or rows that were worked out of one. */
export interface Answered extends Source {
  readonly rows: readonly (RecordedAnswer & Partial<Pick<Generation, 'outcome'>>)[];
}

/**
 * Anything that answers: a floor, which reads little or nothing, a model as it is, shown examples, adapted or trained in
 * full, an encoder. Those that differ in their seed alone are one system to a reader.
 */
export interface System {
  readonly model: Pick<Model, 'id' | 'title'> & { readonly provider?: Model['provider'] };
  /** For people: `floor`, `zero-shot`, `8-shot`, or how the model was trained. */
  readonly method: string;
  /** What it was trained on, for people; undefined where it was not. */
  readonly trainedOn?: string | undefined;
  /** The id of the entry of `training` that made it: two may differ in size or rank alone. */
  readonly entry?: string | undefined;
  /** Of the training, or of the draw of the examples it is shown. */
  readonly seed?: number | undefined;
  /** The adapter that is put on the model. */
  readonly adapter?: string | undefined;
  /** Of a model that is asked: how it is asked about a test set. */
  readonly run?: (test: TestSet) => Run;
  /** Whether its answers are worked out in seconds from facts and records, so that it is never `not run`. */
  readonly immediate?: boolean;
  /**
   * The record that its answers are in, or those that they are worked out of; none where nothing says yet how to make it,
   * as of an adapter that nobody has trained or a model that nobody has downloaded. Nothing is downloaded to tell.
   */
  records(test: TestSet): readonly { readonly header: RecordHeader; readonly name: string }[];
  /** What is not here of all that making the answers takes, in words. */
  missing(test: TestSet): readonly string[];
  /** Its answers: replayed, or made now, which may take hours. */
  answers(test: TestSet): Promise<Answered>;
}

/** A system that is a model. */
export type ModelSystem = System & { readonly model: Model };

/**
 * A system's answers if they are there: replayed from their record, or worked out at once. Where there is no record they
 * are `not run`, undefined here, since making them may take hours; but a reproduction of a committed record makes it.
 */
export async function answersThere(
  system: System,
  test: TestSet,
  paths: Paths,
): Promise<Answered | undefined> {
  if (system.immediate) return system.answers(test);
  const [wanted] = system.records(test);
  if (!wanted) return undefined;
  const found = openRecords(paths).find<AnswerRow>(wanted.header, wanted.name);
  if (found) return found;
  const remake = isToBeMade(recordName(wanted.header, wanted.name)) && system.missing(test).length === 0;
  return remake ? system.answers(test) : undefined;
}
