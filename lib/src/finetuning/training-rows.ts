import type { BuildName } from '../datasets/build-name.js';
import { buildHeader, loadBuild, taskOf } from '../datasets/builds.js';
import { split } from '../datasets/split.js';
import type { Stratification } from '../datasets/stratified.js';
import type { TrainingEntry } from '../models/training-entry.js';
import { canonicalJson, type Sha256, sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import type { Row } from '../tasks/row.js';
import { shapeOf } from '../tasks/shape-of.js';

/** Rows drawn from a build. */
export interface DrawnRows {
  readonly build: BuildName;
  readonly rows: readonly Row[];
}

/** Which rows were drawn from a build, without their text. */
interface RowsFacts {
  readonly build: BuildName;
  /** Of the build's header in canonical JSON. */
  readonly buildSha256: Sha256;
  readonly rows: number;
  /** Of the drawn rows' ids, sorted, a line each. */
  readonly idsSha256: Sha256;
}

/**
 * The rows that an entry learns from with a seed: `size` of each of its builds, labels in the build's proportions; all
 * of a build that has just so many.
 *
 * @throws UserError if a build has fewer rows, two builds share a row, or a release is missing.
 */
export async function trainingRows(
  { train, size }: Pick<TrainingEntry, 'train' | 'size'>,
  seed: number,
  paths: Paths = projectPaths(),
): Promise<readonly DrawnRows[]> {
  const drawn: DrawnRows[] = [];
  for (const build of train) {
    const rows = await loadBuild(build, { paths });
    if (rows.length < size) {
      throw new UserError(`${build} has ${rows.length} rows; a training asks for ${size}`, {
        hint: 'Give a smaller size, or a larger build.',
      });
    }
    const options = { size, seed, stratify: shapeOf(taskOf(build, paths)), group: 'row' };
    drawn.push({ build, rows: rows.length === size ? rows : split(rows, options).train });
  }
  const ids = drawn.flatMap(({ rows }) => rows.map(({ id }) => id));
  if (new Set(ids).size < ids.length)
    throw new UserError(`the builds ${train.join(' and ')} share rows; train on one of them`);
  return drawn;
}

/** What a manifest says of the rows that were drawn. */
export function rowsFacts(drawn: readonly DrawnRows[], paths: Paths = projectPaths()): readonly RowsFacts[] {
  return drawn.map(({ build, rows }) => ({
    build,
    buildSha256: sha256(canonicalJson(buildHeader(build, paths))),
    rows: rows.length,
    idsSha256: sha256(
      rows
        .map(({ id }) => `${id}\n`)
        .toSorted()
        .join(''),
    ),
  }));
}

/**
 * Training rows divided in those that a trial of a grid learns from and those it is judged on. No claim is on both
 * sides and no document, so a trial is not praised for what it knows by heart. Linked rows that are more than the share
 * of their class are never held out: where most rows are linked, as in HealthVer, the small groups alone judge.
 *
 * @throws UserError where the rows cannot be divided so.
 */
export function forValidation(
  rows: readonly Row[],
  {
    share,
    seed,
    stratify,
  }: { readonly share: number; readonly seed: number; readonly stratify: Stratification },
): { readonly train: readonly Row[]; readonly validation: readonly Row[] } {
  try {
    const { train, held } = split(rows, { heldShare: share, group: 'all', seed, stratify });
    return { train, validation: held };
  } catch (cause) {
    throw new UserError(
      `no claims and documents with ${share} of ${rows.length} rows can be held out for validation`,
      {
        hint: 'Give the entry more rows, or another share (validation).',
        cause,
      },
    );
  }
}
