import type { BuildName } from '../datasets/build-name.js';
import { releasedAdapter } from '../finetuning/entry-adapter.js';
import { type Adapter, findAdapter } from '../models/adapters.js';
import { findModel, type Model } from '../models/catalogue.js';
import type { EncoderEntry } from '../models/encoder-entry.js';
import { adapterId, type TrainingEntry } from '../models/training-entry.js';
import type { Paths } from '../project/paths.js';
import type { Run } from '../scoring/run.js';

/** Rows that every system of a study is tried on. */
export interface TestSet {
  /** For people, e.g. `SciFact, NEI rebuilt`. */
  readonly title: string;
  /** The title of the data set it belongs to. */
  readonly dataset: string;
  /** The data set's training pool: where solved examples come from. */
  readonly train: BuildName;
  readonly test: BuildName;
}

/** A model in one state of teaching. Those that differ in their seed alone are one system to a reader. */
export interface System {
  readonly model: Model;
  /** For people: `zero-shot`, `8-shot`, or how the model was trained. */
  readonly method: string;
  /** What it was trained on, for people; undefined where it was not. */
  readonly trainedOn?: string | undefined;
  /** The id of the entry of `training` that made it: two may differ in size or rank alone. */
  readonly entry?: string | undefined;
  /** Of the training, or of the draw of the examples it is shown. */
  readonly seed?: number | undefined;
  /** What is asked for on a test set besides model, prompt and layout; undefined where nothing says how to make it. */
  readonly asked?: (test: TestSet) => Pick<Run, 'adapter' | 'shots'>;
  /** Of an encoder: the entry that says how it is trained. It is not asked; its labels are read off. */
  readonly encoder?: EncoderEntry | undefined;
}

/** The part of a study's plan that says what is tried on what. */
export interface SystemsPlan {
  readonly prompt: string;
  readonly datasets: readonly {
    readonly title: string;
    readonly train: BuildName;
    readonly test: BuildName;
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
  return datasets.flatMap(({ title: dataset, train, test, also = [] }) =>
    [{ title: dataset, test }, ...also].map((each) => ({ ...each, dataset, train })),
  );
}

/**
 * Every system of a plan, a model at a time: as it is, shown solved examples (models that run here alone, since tokens
 * behind an endpoint are paid for), under each of its adapters, and as each entry of `training` makes it, seed by seed.
 */
export function systemsOf(models: readonly Model[], plan: SystemsPlan, paths: Paths): readonly System[] {
  const { adapters = [], training = [], shots } = plan;
  const trained = new Set(
    training.flatMap((entry) =>
      entry.seeds
        .filter((seed) => isReleased(entry, seed, plan, paths))
        .map((seed) => adapterId(entry, seed)),
    ),
  );
  const others = adapters.filter((id) => !trained.has(id)).map((id) => findAdapter(id, paths));
  const only = [...new Set(training.map(({ model }) => model))].filter(
    (id) => !models.some((model) => model.id === id),
  );
  return [...models, ...only.map((id) => findModel(id, paths))].flatMap((model): readonly System[] => {
    const asItIs: System = { model, method: 'zero-shot', asked: () => ({}) };
    const shown = (count: number, seed: number): System => ({
      ...{ model, method: `${count}-shot`, seed },
      asked: ({ train }) => ({ shots: { count, seed, from: train } }),
    });
    const made = training
      .filter((entry) => entry.model === model.id)
      .flatMap((entry) => entry.seeds.map((seed) => trainedSystem(model, entry, seed, plan, paths)));
    return [
      // A model that is only trained is not asked as it is.
      ...(model.provider === 'encoder' || only.includes(model.id) ? [] : [asItIs]),
      ...(shots &&
      model.provider === 'gguf' &&
      !only.includes(model.id) &&
      (shots.models?.includes(model.id) ?? true)
        ? [shown(shots.count, shots.seed)]
        : []),
      ...others.filter((each) => each.model === model.id).map((each) => adapted(model, each)),
      ...made,
      ...(model.provider === 'encoder' && made.length === 0 ? [{ model, method: METHODS.encoder }] : []),
    ];
  });
}

const adapted = (model: Model, { id, title }: Adapter): System => ({
  ...{ model, method: 'adapter', trainedOn: title },
  asked: () => ({ adapter: id }),
});

const METHODS = {
  qlora: 'QLoRA',
  lora: 'LoRA',
  full: 'full fine-tuning',
  encoder: 'fine-tuned encoder',
} as const;

function trainedSystem(
  model: Model,
  entry: TrainingEntry | EncoderEntry,
  seed: number,
  plan: SystemsPlan,
  paths: Paths,
): System {
  const system = {
    ...{ model, method: METHODS[entry.method], trainedOn: trainingTitle(entry.train, plan) },
    ...{ entry: entry.id, seed },
  };
  if (entry.method === 'encoder') return { ...system, encoder: entry };
  const adapter = adapterId(entry, seed);
  return isReleased(entry, seed, plan, paths) ? { ...system, asked: () => ({ adapter }) } : system;
}

/** An adapter that was made otherwise than the entry whose name it bears now says is not the entry's. */
const isReleased = (
  entry: TrainingEntry | EncoderEntry,
  seed: number,
  { prompt }: Pick<SystemsPlan, 'prompt'>,
  paths: Paths,
) => entry.method !== 'encoder' && releasedAdapter({ entry, seed, prompt }, paths) !== undefined;

/** Builds by the titles of the test sets that are built alike: `SciFact + HealthVer`. */
function trainingTitle(builds: readonly BuildName[], plan: SystemsPlan): string {
  const kind = (build: BuildName) => build.split('/').slice(0, 2).join('/');
  const titles = builds.map(
    (build) => testSets(plan).find(({ test }) => kind(test) === kind(build))?.title ?? build,
  );
  return titles.join(' + ');
}
