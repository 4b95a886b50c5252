import type { BuildName } from '../datasets/build-name.js';
import { buildHeader, buildHeaders, loadBuild, taskOf } from '../datasets/builds.js';
import { findEncoder } from '../models/catalogue.js';
import type { EncoderEntry } from '../models/encoder-entry.js';
import { adapterId, seedBySeed } from '../models/training-entry.js';
import { folderHash, locateFolder } from '../models/weights-folder.js';
import { canonicalJson, sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { pinnedVersions } from '../project/python.js';
import type { RecordHeader } from '../records/header.js';
import { openRecords, type SealedRecord } from '../records/store.js';
import { type Availability, recordAvailability } from '../scoring/answers.js';
import type { LabelScore } from '../scoring/label-score.js';
import { encoderScores } from './encoder-training.js';

/** A fine-tuned encoder tried on a build. */
export interface EncoderRun {
  readonly entry: EncoderEntry;
  readonly seed: number;
  readonly test: BuildName;
}

/** Raised with every change to lib/python/encoder.py, or to which rows are drawn, that gives other weights or scores. */
const TRAINER_VERSION = 2;

/**
 * Everything that determines a run's scores: the weights it begins from, the rows it learns from (their builds, and how
 * many are drawn of each and with which seed), the hyper-parameters, the versions of PyTorch and transformers, and the
 * build it is tried on. Known without data, weights or Python.
 *
 * @throws UserError where the weights have not been pinned yet.
 */
export function encoderHeader(
  { entry, seed, test }: EncoderRun,
  paths: Paths = projectPaths(),
): RecordHeader {
  const hash = folderHash(findEncoder(entry.model, paths), paths);
  if (hash === undefined) {
    throw new UserError(`nobody has downloaded ${entry.model} yet, so its weights have no hash`, {
      hint: `npx small-claims models ${entry.model} fetches them and keeps their hashes in data/pins.json.`,
    });
  }
  const { train, size, epochs, learningRate, batch, warmup, maxLength } = entry;
  return {
    kind: 'run',
    model: { id: entry.model, sha256: hash },
    training: {
      method: 'encoder',
      version: TRAINER_VERSION,
      ...buildHeaders(train, paths),
      ...{ size, seed, epochs, learningRate, batch, warmup, maxLength },
      python: pinnedVersions(['torch', 'transformers'], paths),
    },
    build: buildHeader(test, paths),
  };
}

/** Its record: `runs/MODEL+ENTRY-seedN/DATASET-BUILD-SPLIT`. */
export function encoderRunName({ entry, seed, test }: EncoderRun): string {
  return `runs/${entry.model}+${adapterId(entry, seed)}/${test.replaceAll('/', '-')}`;
}

/**
 * The scores of a run, in the build's order: replayed from its record, or computed by a classifier that is trained
 * first if need be. The classifier's labels hold all its probability, so the mass of every row is 1.
 */
export async function encoderRun(
  run: EncoderRun,
  paths: Paths = projectPaths(),
): Promise<SealedRecord<LabelScore>> {
  const encoder = findEncoder(run.entry.model, paths);
  if (folderHash(encoder, paths) === undefined) await locateFolder(encoder, paths);
  const header = encoderHeader(run, paths);
  return openRecords(paths).ensure<LabelScore>({
    header,
    name: encoderRunName(run),
    async compute(partial) {
      const examples = await loadBuild(run.test, { paths });
      const training = { ...run, fingerprint: sha256(canonicalJson({ ...header, build: null })) };
      const { device, scores } = await encoderScores(
        training,
        run.test.replaceAll('/', '-'),
        examples,
        paths,
      );
      partial.computeOn(device);
      for (const { row, milliseconds } of scores) {
        if (!partial.rows.has(row.id)) partial.append(row, milliseconds);
      }
      return scores.map(({ row }) => row);
    },
  });
}

/** Whether an encoder has learnt the task of the rows that it is tried on; it can say nothing of another. */
export const knowsTask = ({ entry, test }: Pick<EncoderRun, 'entry' | 'test'>, paths: Paths): boolean =>
  entry.train.every((build) => taskOf(build, paths).name === taskOf(test, paths).name);

/** The record of a run, or what is not here of all that making it takes, in words. */
export function encoderAvailability(
  run: EncoderRun,
  paths: Paths = projectPaths(),
): Availability<LabelScore> {
  if (!knowsTask(run, paths)) return { missing: [`an encoder of ${taskOf(run.test, paths).name}`] };
  const encoder = findEncoder(run.entry.model, paths);
  // Weights that nobody has downloaded have no hash, so that no record can be of them.
  if (folderHash(encoder, paths) === undefined) return { missing: [`the model ${encoder.id} (make models)`] };
  return recordAvailability(encoderHeader(run, paths), encoderRunName(run), paths);
}

/**
 * Every run of a study's encoders, a classifier at a time: first every entry with its first seed, then with its second,
 * and so on, so that an early end leaves something of every entry. Each is tried on test sets of its own task alone: it
 * can say nothing else.
 */
export function encoderRuns(
  entries: readonly EncoderEntry[],
  tests: readonly { readonly test: BuildName }[],
  paths: Paths = projectPaths(),
): readonly EncoderRun[] {
  return seedBySeed(entries).flatMap((trained) =>
    tests.flatMap(({ test }): readonly EncoderRun[] =>
      knowsTask({ entry: trained.entry, test }, paths) ? [{ ...trained, test }] : [],
    ),
  );
}
