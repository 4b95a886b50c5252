import type { BuildName } from '../datasets/example.js';
import { type Adapter, findAdapter } from '../models/adapters.js';
import type { Model } from '../models/catalogue.js';
import type { Paths } from '../project/paths.js';
import type { Run } from './run.js';

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
  /** Of the training, or of the draw of the examples it is shown. */
  readonly seed?: number | undefined;
  /** What is asked for on a test set besides model, prompt and layout; undefined where nothing says how to make it. */
  readonly asked?: (test: TestSet) => Pick<Run, 'adapter' | 'shots'>;
}

/** The part of a study's plan that says what is tried on what. */
export interface SystemsPlan {
  readonly datasets: readonly {
    readonly title: string;
    readonly train: BuildName;
    readonly test: BuildName;
    readonly also?: readonly { readonly title: string; readonly test: BuildName }[] | undefined;
  }[];
  readonly shots?: { readonly count: number; readonly seed: number } | undefined;
  readonly adapters?: readonly string[] | undefined;
}

/** Every test set of a plan: a data set's own, then its others. */
export function testSets({ datasets }: Pick<SystemsPlan, 'datasets'>): readonly TestSet[] {
  return datasets.flatMap(({ title: dataset, train, test, also = [] }) =>
    [{ title: dataset, test }, ...also].map((each) => ({ ...each, dataset, train })),
  );
}

/**
 * Every system of a plan, a model at a time: as it is, shown solved examples (models that run here alone, since tokens
 * behind an endpoint are paid for), and under each of its adapters.
 */
export function systemsOf(models: readonly Model[], plan: SystemsPlan, paths: Paths): readonly System[] {
  const adapters = (plan.adapters ?? []).map((id) => findAdapter(id, paths));
  return models.flatMap((model): readonly System[] => {
    if (model.provider === 'encoder') return [{ model, method: 'fine-tuned' }];
    const asItIs: System = { model, method: 'zero-shot', asked: () => ({}) };
    if (model.provider !== 'gguf') return [asItIs];
    const { shots } = plan;
    const shown: readonly System[] = shots
      ? [
          {
            model,
            method: `${shots.count}-shot`,
            seed: shots.seed,
            asked: ({ train }) => ({ shots: { ...shots, from: train } }),
          },
        ]
      : [];
    return [asItIs, ...shown, ...adapters.filter((each) => each.model === model.id).map(adapted(model))];
  });
}

const adapted =
  (model: Model) =>
  ({ id, title }: Adapter): System => ({
    model,
    method: 'adapter',
    trainedOn: title,
    asked: () => ({ adapter: id }),
  });
