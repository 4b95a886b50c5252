import { z } from 'zod';
import { isBuildName } from '../datasets/build-name.js';
import { buildNames, buildsMeant, taskOf } from '../datasets/builds.js';
import { knownDatasets } from '../datasets/catalogue.js';
import { adapterIds } from '../models/adapters.js';
import { modelIds } from '../models/catalogue.js';
import { encoderEntry } from '../models/encoder-entry.js';
import { distinct, trainingEntry } from '../models/training-entry.js';
import { noSuch } from '../project/nearest.js';
import type { Paths } from '../project/paths.js';
import { batched } from '../scoring/llama/layout.js';
import { findPrompt, firstPromptOf, promptNames } from '../tasks/prompt.js';
import {
  onePart,
  otherPrompts,
  otherTasks,
  trainedOnTests,
  untrainable,
  wrongMethods,
} from './study-check.js';
import { testSets } from './systems/of-plan.js';

/** A name out of a list; a wrong one is refused with the nearest. */
const oneOf = (what: string, known: readonly string[], meant?: (name: string) => string) =>
  z.string().refine((name) => known.includes(name), {
    error: ({ input }) => noSuch(what, String(input), known, meant?.(String(input))),
  });
const title = z.string().regex(/\S/, 'is empty');
const seed = z.int().nonnegative();

/** What a study file may say: a title, data sets and models are enough, everything else has a default. */
export function studySchema(paths: Paths) {
  const builds = buildNames(paths);
  const model = oneOf('model in data/models.yaml', modelIds(paths));
  const build = oneOf('build of data/datasets.yaml', builds, (name) => buildsMeant(name, paths)).pipe(
    z.custom<`${string}/${string}/${string}`>(isBuildName),
  );
  const prompt = oneOf('prompt in data/prompts.yaml', promptNames(paths));
  const promptOf = (test: string) =>
    isBuildName(test) && builds.includes(test) ? firstPromptOf(taskOf(test, paths), paths) : undefined;
  const dataset = z.strictObject({
    title,
    train: build,
    test: build,
    /** How models are asked about it; default: the study's, or the first of the task in data/prompts.yaml. */
    prompt: prompt.optional(),
    /** Further rows to try everything on, such as the same with other evidence. */
    also: z
      .array(z.strictObject({ title, test: build }))
      .min(1)
      .optional(),
  });
  /** The name of a data set alone: its first build, trained on `train` and tried on `test`, or on `dev` without one. */
  const named = oneOf('data set in data/datasets.yaml', Object.keys(knownDatasets(paths))).transform(
    (name, context) => {
      const { title = name, builds = {}, splits = {} } = knownDatasets(paths)[name] ?? {};
      const [build = 'rows'] = Object.keys(builds);
      const parts = Object.keys(splits);
      const test = ['test', 'dev'].find((split) => parts.includes(split));
      if (parts.includes('train') && test !== undefined)
        return { title, train: `${name}/${build}/train`, test: `${name}/${build}/${test}` };
      const message =
        parts.length < 2
          ? onePart(name)
          : `${name} has the parts ${parts.join(', ')}: write which is trained on and which tried on, as in { title: ..., train: ${name}/${build}/${parts[0]}, test: ${name}/${build}/${parts[1]} }`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    },
  );
  return z
    .strictObject({
      title,
      models: distinct(model),
      /** Asked besides the models as they are, each on the model it was made for. */
      adapters: distinct(oneOf('adapter in data/adapters', adapterIds(paths))).optional(),
      /** How models in process are evaluated; default: canonical. Several sequences keep a GPU busy. */
      layout: z
        .strictObject({ name: z.literal('batched'), sequences: z.int().min(2).max(256) })
        .transform(({ sequences }) => batched(sequences))
        .optional(),
      /** How models are asked where a data set does not say otherwise. */
      prompt: prompt.optional(),
      datasets: z.array(z.union([named.pipe(dataset), dataset])).min(1),
      /** Models that run here, or those named, are asked once more, shown solved examples of the data set's training rows. */
      shots: z
        .strictObject({
          count: z.int().min(1).max(64),
          seed: seed.default(1),
          models: distinct(model).optional(),
        })
        .optional(),
      /** What is fine-tuned. Encoders become records at once (`make records`), the others adapters (`make adapters`). */
      training: z
        .array(
          z.discriminatedUnion('method', [
            trainingEntry.extend({ model, train: distinct(build), prompt: prompt.optional() }),
            encoderEntry.extend({ model, train: distinct(build) }),
          ]),
        )
        .superRefine((entries, context) => {
          for (const [at, { id }] of entries.entries())
            if (entries.findIndex((other) => other.id === id) < at)
              context.addIssue({ code: 'custom', path: [at, 'id'], message: `the id ${id} is given twice` });
        })
        .optional(),
      /** Rows of a split of one's own, and how often it is drawn. */
      split: z
        .strictObject({ size: z.int().positive(), seeds: distinct(seed) })
        .default({ size: 1008, seeds: [1, 2, 3, 4, 5] }),
      bootstrap: z
        .strictObject({
          replicates: z.int().min(100).max(1_000_000).default(2000),
          level: z.number().gt(0).lt(1).default(0.95),
          seed: seed.default(1),
        })
        .prefault({}),
      /**
       * How systems are compared: level of the tests, margin within which they match (a share), correction. Of `primary`,
       * comparisons by their ids that are named before the tests are run, the correction holds over all of them; the others
       * are then exploratory, and corrected by Benjamini and Hochberg over those of their notebook.
       */
      comparisons: z
        .strictObject({
          level: z.number().gt(0).lt(1).default(0.95),
          margin: z.number().gt(0).lt(1).default(0.03),
          correction: z.enum(['holm', 'benjamini-hochberg', 'none']).default('holm'),
          primary: distinct(z.string()).optional(),
        })
        .prefault({}),
    })
    .transform((plan) => ({
      ...plan,
      datasets: plan.datasets.map((set) => ({
        ...set,
        prompt: set.prompt ?? plan.prompt ?? promptOf(set.test) ?? '',
      })),
    }))
    .superRefine((plan, context) => {
      const flaws = [otherPrompts, otherTasks, trainedOnTests, untrainable, wrongMethods].flatMap((check) =>
        check(plan, paths),
      );
      for (const { path, message } of flaws) context.addIssue({ code: 'custom', path: [...path], message });
    })
    .superRefine(({ datasets }, context) => {
      const titles = testSets({ datasets }).map((each) => each.title);
      if (new Set(titles).size < titles.length)
        context.addIssue({
          code: 'custom',
          path: ['datasets'],
          message: 'two test sets have the same title',
        });
      for (const [index, set] of datasets.entries()) {
        const task = taskOf(set.test, paths);
        const asked = set.prompt === '' ? undefined : findPrompt(set.prompt, paths).task.name;
        if (asked === task.name) continue;
        context.addIssue({
          code: 'custom',
          path: ['datasets', index, 'prompt'],
          message:
            asked === undefined
              ? `no prompt of the task ${task.name} in data/prompts.yaml`
              : `the prompt "${set.prompt}" asks for ${asked}, and ${set.test} is of ${task.name}`,
        });
      }
    });
}

/** What a study file says, defaults filled in. */
export type StudyPlan = z.output<ReturnType<typeof studySchema>>;
