import { join } from 'node:path';
import { buildHeader } from '../datasets/builds.js';
import { type Adapter, adapterIds, findAdapter, MANIFEST } from '../models/adapters.js';
import { findGguf } from '../models/catalogue.js';
import { knownHash } from '../models/pin.js';
import { adapterId, gridOf, optionsOf, type TrainingEntry } from '../models/training-entry.js';
import { canonicalJson, sha256 } from '../project/digest.js';
import { noteMissing } from '../project/ledger.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { promptHash } from '../scoring/chat.js';
import { findPrompt } from '../tasks/prompt.js';

/** An entry of a study, trained with one of its seeds under the study's prompt. */
export interface TrainedAs {
  readonly entry: TrainingEntry;
  readonly seed: number;
  readonly prompt: string;
}

/** The released adapter of an entry and seed; undefined if there is none, or what bears its name was made otherwise. */
export function releasedAdapter(wanted: TrainedAs, paths: Paths = projectPaths()): Adapter | undefined {
  const adapter = namesake(wanted, paths);
  return adapter && otherwise(adapter, wanted, paths).length === 0 ? adapter : undefined;
}

/** The adapter that bears the name of an entry and seed, however it was made. */
export function namesake({ entry, seed }: TrainedAs, paths: Paths = projectPaths()): Adapter | undefined {
  const id = adapterId(entry, seed);
  if (adapterIds(paths).includes(id)) return findAdapter(id, paths);
  noteMissing(paths.root, join(paths.adapters, id, MANIFEST));
  return undefined;
}

/**
 * What of an adapter's making its manifest tells otherwise than an entry asks for, in words; nothing if it is the
 * entry's. Of a grid any combination may have been chosen.
 */
export function otherwise(
  { model, training }: Adapter,
  { entry, seed, prompt }: TrainedAs,
  paths: Paths = projectPaths(),
): readonly string[] {
  if (!training) return ['nothing is known of its making'];
  const same = (one: unknown, other: unknown) => canonicalJson(one) === canonicalJson(other);
  const asked = {
    rows: entry.train.map((build) => [build, sha256(canonicalJson(buildHeader(build, paths))), entry.size]),
    prompt: { template: prompt, sha256: promptHash(findPrompt(prompt, paths)) },
  };
  const hash = knownHash(findGguf(entry.model, paths), paths);
  const differs = {
    model: model !== entry.model || (hash !== undefined && training.modelSha256 !== hash),
    entry: training.entry !== entry.id,
    seed: training.seed !== seed,
    method: training.method !== entry.method,
    'version of the recipe': training.recipe !== entry.recipe,
    'layers adapted': !same(training.targets, entry.targets),
    'hyper-parameters':
      training.warmup !== entry.warmup || !gridOf(entry).some((hyper) => same(hyper, training.hyper)),
    'loss or end': !same(training.options ?? null, optionsOf(entry) ?? null),
    rows: !same(
      training.rows.map(({ build, buildSha256, rows }) => [build, buildSha256, rows]),
      asked.rows,
    ),
    prompt: !same(training.prompt, asked.prompt),
  };
  return Object.entries(differs).flatMap(([what, other]) => (other ? [what] : []));
}
