import type { BuildName } from '../../datasets/build-name.js';
import { drawnFrom } from '../../datasets/builds.js';
import { releasedAdapter } from '../../finetuning/entry-adapter.js';
import { findAdapter } from '../../models/adapters.js';
import { findModel, type Model } from '../../models/catalogue.js';
import type { EncoderEntry } from '../../models/encoder-entry.js';
import { adapterId, type TrainingEntry } from '../../models/training-entry.js';
import type { Paths } from '../../project/paths.js';
import { type Asking, adapted, fewShot, zeroShot } from './asked.js';
import type { ModelSystem, TestSet } from './system.js';
import { METHODS, trainedSystem, untrained } from './trained.js';

/** The part of a study's plan that says what is tried on what. */
export interface SystemsPlan {
  readonly datasets: readonly {
    readonly title: string;
    readonly train: BuildName;
    readonly test: BuildName;
    readonly prompt: string;
    readonly also?: readonly { readonly title: string; readonly test: BuildName }[] | undefined;
  }[];
  /** `models`: those that are shown them; default: all that run here. */
  readonly shots?:
    | { readonly count: number; readonly seed: number; readonly models?: readonly string[] | undefined }
    | undefined;
  readonly adapters?: readonly string[] | undefined;
  readonly training?: readonly (TrainingEntry | EncoderEntry)[] | undefined;
}

/** Every test set of a plan: a data set's own, then its others. */
export function testSets({ datasets }: Pick<SystemsPlan, 'datasets'>): readonly TestSet[] {
  return datasets.flatMap(({ title: dataset, train, test, prompt, also = [] }) =>
    [{ title: dataset, test }, ...also].map((each) => ({ ...each, dataset, train, prompt })),
  );
}

/** What of an entry of `training` says how it is asked; encoders have no prompt of their own. */
export type Prompted = Pick<TrainingEntry, 'train'> & { readonly prompt?: string | undefined };

/** The prompt that an entry is trained under: its own, or that of the data set whose rows it learns from first. */
export function promptOf(
  { train: [first], prompt }: Prompted,
  { datasets }: SystemsPlan,
  paths: Paths,
): string {
  if (prompt !== undefined) return prompt;
  const own = datasets.find((set) => [set.train, set.test].some((build) => alike(build, first, paths)));
  return (own ?? datasets[0])?.prompt ?? '';
}

/** The training rows that the trained systems of a test set draw theirs from: an entry's, or its data set's own. */
export function poolOf(
  { test, train }: TestSet,
  { training = [] }: Pick<SystemsPlan, 'training'>,
  paths: Paths,
): BuildName {
  const own = training.find((entry) => entry.train.length === 1 && alike(entry.train[0], test, paths));
  return own?.train[0] ?? train;
}

/**
 * Every system of a plan, a model at a time: as it is, shown solved examples (models that run here alone, since tokens
 * behind an endpoint are paid for), under each of its adapters, and as each entry of `training` makes it, seed by seed.
 */
export function systemsOf(
  models: readonly Model[],
  plan: SystemsPlan,
  asking: Asking,
): readonly ModelSystem[] {
  const { paths } = asking;
  const { adapters = [], training = [], shots } = plan;
  const trained = new Set(
    training.flatMap((entry) =>
      entry.seeds
        .filter(
          (seed) =>
            entry.method !== 'encoder' &&
            releasedAdapter({ entry, seed, prompt: promptOf(entry, plan, paths) }, paths),
        )
        .map((seed) => adapterId(entry, seed)),
    ),
  );
  const others = adapters.filter((id) => !trained.has(id)).map((id) => findAdapter(id, paths));
  const only = [...new Set(training.map(({ model }) => model))].filter(
    (id) => !models.some((model) => model.id === id),
  );
  return [...models, ...only.map((id) => findModel(id, paths))].flatMap((model): readonly ModelSystem[] => {
    // A model that is only trained is not asked as it is.
    const asked = model.provider !== 'encoder' && !only.includes(model.id);
    const reads =
      model.provider === 'gguf' ||
      (model.provider === 'transformers' && ['decoder', 'encoder-decoder'].includes(model.kind));
    const shown = asked && reads && (shots?.models?.includes(model.id) ?? true);
    const made = training
      .filter((entry) => entry.model === model.id)
      .flatMap((entry) =>
        entry.seeds.map((seed) =>
          trainedSystem(
            model,
            entry,
            seed,
            trainingTitle(entry.train, plan, paths),
            promptOf(entry, plan, paths),
            asking,
          ),
        ),
      );
    return [
      ...(asked ? [zeroShot(model, asking)] : []),
      ...(shots && shown ? [fewShot(model, shots.count, shots.seed, asking)] : []),
      ...others
        .filter((each) => each.model === model.id)
        .map((each) => adapted({ model, method: 'adapter', trainedOn: each.title }, each, asking)),
      ...made,
      ...(model.provider === 'encoder' && made.length === 0
        ? [untrained({ model, method: METHODS.encoder }, model.id)]
        : []),
    ];
  });
}

/** Whether builds hold the same rows of a data set but for their split: one may be a sample of the other. */
const alike = (a: BuildName | undefined, b: BuildName | undefined, paths: Paths) =>
  a !== undefined && b !== undefined && drawnFrom(a, paths) === drawnFrom(b, paths);

/** Builds by the titles of the test sets that are built alike: `SciFact + HealthVer`. */
function trainingTitle(builds: readonly BuildName[], plan: SystemsPlan, paths: Paths): string {
  const titles = builds.map(
    (build) => testSets(plan).find(({ test }) => alike(test, build, paths))?.title ?? build,
  );
  return titles.join(' + ');
}
