import type { Row } from '../tasks/row.js';
import type { Task } from '../tasks/task.js';
import type { CatalogueEntry } from './catalogue.js';
import type { ReleaseBytes } from './release.js';

/** What a reader is asked for. */
export interface ReaderRequest {
  readonly dataset: string;
  /** A key of the entry's `builds`, and what the entry says of it. */
  readonly build: string;
  readonly seed: number | undefined;
  /** A key of the entry's `splits`. */
  readonly split: string;
  /** The split's files, verified, in the entry's order. */
  readonly files: readonly ReleaseBytes[];
  readonly task: Task;
  readonly entry: Pick<CatalogueEntry, 'columns' | 'labels' | 'table'>;
}

/**
 * Makes the rows of a build out of a release's files: what a file of `readers/` exports as `read`. Ids are unique within
 * the build and begin with `DATASET:SPLIT:`; of texts, whitespace is normalised (`normaliseSpace`).
 *
 * @throws UserError naming file, line and field of what is wrong with the release.
 */
export type Reader = (request: ReaderRequest) => readonly Row[] | Promise<readonly Row[]>;
