import type { BuildName } from '../datasets/build-name.js';
import { buildHeader, buildNames, taskOf } from '../datasets/builds.js';
import { knownDatasets, READ_WHOLE } from '../datasets/catalogue.js';
import { findModel } from '../models/catalogue.js';
import { scoredBy, TUNINGS } from '../models/training-entry.js';
import type { Paths } from '../project/paths.js';
import { findPrompt } from '../tasks/prompt.js';
import { adapterBuilds, partOf } from './shared-training.js';
import { type SystemsPlan, testSets } from './systems/of-plan.js';

/** What is wrong in a plan, and where. */
interface PlanFlaw {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is said of a data set that cannot be divided into what is trained on and what is tried on. */
export const onePart = (dataset: string) =>
  `${dataset} has one part, and a study needs one to train on and one to try on: divide its file in two, and name both in data/datasets.yaml under splits: { train: ..., test: ... }`;

/**
 * Test sets that are trained on: the same build, another build of the same part of a data set, or a file of the same bytes
 * under another name. Rows that only share something are told in tables (`sharedWithTraining`).
 */
export function trainedOnTests(plan: SystemsPlan, paths: Paths): readonly PlanFlaw[] {
  const tests = testSets(plan).map(({ title, test }) => ({ title, test, marks: marksOf(test, paths) }));
  const trained = [
    ...plan.datasets.map(({ train }, index) => ({ path: ['datasets', index, 'train'], builds: [train] })),
    ...(plan.training ?? []).map(({ train }, index) => ({
      path: ['training', index, 'train'],
      builds: train,
    })),
    ...(plan.adapters ?? []).map((id, index) => ({
      path: ['adapters', index],
      builds: adapterBuilds(id, paths),
    })),
  ];
  return trained.flatMap(({ path, builds }) =>
    builds.flatMap((build): readonly PlanFlaw[] => {
      const own = marksOf(build, paths);
      const same = tests.find(({ marks }) => marks.some((mark) => own.includes(mark)));
      if (!same) return [];
      const message = `${build} holds the rows of ${same.test}, which ${same.title} is tested on: what is trained on may not be tested on`;
      return [{ path, message }];
    }),
  );
}

/** Builds of a data set that are not of the task of its test rows: what is learnt from one says nothing of the other. */
export function otherTasks({ datasets }: Pick<SystemsPlan, 'datasets'>, paths: Paths): readonly PlanFlaw[] {
  return datasets.flatMap((set, index): readonly PlanFlaw[] => {
    const task = taskOf(set.test, paths).name;
    const others = [
      { path: ['train'], build: set.train },
      ...(set.also ?? []).map(({ test }, at) => ({ path: ['also', at, 'test'], build: test })),
    ];
    return others.flatMap(({ path, build }): readonly PlanFlaw[] => {
      const other = taskOf(build, paths).name;
      if (other === task) return [];
      const message = `${build} is of the task ${other}, and ${set.test} of ${task}: a data set has one task`;
      return [{ path: ['datasets', index, ...path], message }];
    });
  });
}

/** Trainings under a prompt of another task than that of their rows. */
export function otherPrompts({ training = [] }: SystemsPlan, paths: Paths): readonly PlanFlaw[] {
  return training.flatMap((entry, index): readonly PlanFlaw[] => {
    if (entry.method === 'encoder' || entry.prompt === undefined) return [];
    const asked = findPrompt(entry.prompt, paths).task.name;
    const other = entry.train.find((build) => taskOf(build, paths).name !== asked);
    if (other === undefined) return [];
    const message = `the prompt "${entry.prompt}" asks for ${asked}, and ${other} is of ${taskOf(other, paths).name}`;
    return [{ path: ['training', index, 'prompt'], message }];
  });
}

/**
 * Trainings whose models could not be compared or released: encoders of other tasks than of one label a row, and answers that
 * are written, by llama.cpp.
 */
export function untrainable({ training = [] }: SystemsPlan, paths: Paths): readonly PlanFlaw[] {
  return training.flatMap((entry, index) =>
    entry.train.flatMap((build): readonly PlanFlaw[] => {
      const task = taskOf(build, paths);
      if (task.shape === 'one-of') return [];
      const flaw = (field: string, what: string) => [
        {
          path: ['training', index, field],
          message: `${build} is of ${task.name}, a task of shape ${task.shape}; ${what}`,
        },
      ];
      if (entry.method === 'encoder')
        return flaw('train', 'encoders are trained so far for tasks of one label a row');
      if (scoredBy(entry, task.shape) === 'transformers') return [];
      return flaw('provider', 'answers that are written are compared in transformers alone');
    }),
  );
}

/** What two builds have in common that are made of the same rows: their part of a data set, and files that are read whole. */
function marksOf(build: BuildName, paths: Paths): readonly string[] {
  const [dataset = ''] = build.split('/', 1);
  const { reader = '' } = new Map(Object.entries(knownDatasets(paths))).get(dataset) ?? {};
  const whole = READ_WHOLE.includes(reader) && buildNames(paths).includes(build);
  return [partOf(build), ...(whole ? Object.values(buildHeader(build, paths).files) : [])];
}

/** Trainings by a method that their model cannot be trained by. */
export function wrongMethods({ training = [] }: SystemsPlan, paths: Paths): readonly PlanFlaw[] {
  return training.flatMap(({ method, model }, index): readonly PlanFlaw[] => {
    const { provider } = findModel(model, paths);
    const wanted = method === 'encoder' ? 'encoder' : 'gguf';
    if (provider === wanted) return [];
    const can = {
      gguf: TUNINGS.join(', '),
      encoder: 'encoder',
      openai: 'none: it is behind an endpoint',
      transformers: 'none: it is asked as it is',
    }[provider];
    return [
      {
        path: ['training', index, 'method'],
        message: `${model} is not trained by "${method}"; what its provider (${provider}) can be trained by is ${can}`,
      },
    ];
  });
}
