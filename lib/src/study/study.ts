import { readFileSync } from 'node:fs';
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import { type BuildName, isBuildName } from '../datasets/build-name.js';
import { buildNames } from '../datasets/builds.js';
import { adapterIds, findAdapter } from '../models/adapters.js';
import { findModel, type Model, modelIds, tellsLogprobs } from '../models/catalogue.js';
import { encoderEntry } from '../models/encoder-entry.js';
import { distinct, trainingEntry } from '../models/training-entry.js';
import { UserError } from '../project/error.js';
import { noteEntry, notingReads } from '../project/ledger.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { readYaml } from '../project/yaml.js';
import type { SealedRecord } from '../records/store.js';
import type { Generation } from '../scoring/generation.js';
import { answerRun } from '../scoring/generation-run.js';
import { atHand } from '../scoring/heard.js';
import type { LabelScore } from '../scoring/label-score.js';
import { batched } from '../scoring/llama/layout.js';
import { type Run, scoreRun } from '../scoring/run.js';
import { ScorerPool } from '../scoring/scorer-pool.js';
import type { Limits } from '../scoring/writer.js';
import { promptNames } from '../tasks/prompt.js';
import { studyFile } from './study-file.js';
import { type System, systemsOf, type TestSet, testSets } from './system.js';

/** A name out of a list, none twice; a wrong one is refused with the nearest. */
const oneOf = (what: string, known: readonly string[]) =>
  z.string().refine((name) => known.includes(name), {
    error: ({ input }) =>
      known.length > 0
        ? `no such ${what}; the nearest is "${closest(String(input), known)}"`
        : `no such ${what}: there is none`,
  });
const title = z.string().min(1);
const buildOf = (known: readonly BuildName[]) =>
  z.custom<BuildName>((name) => isBuildName(name) && known.includes(name), {
    error: ({ input }) => `no such build; the nearest is "${closest(String(input), known)}"`,
  });

const schema = (
  models: readonly string[],
  adapters: readonly string[],
  prompts: readonly string[],
  build: ReturnType<typeof buildOf>,
) =>
  z.strictObject({
    title,
    models: distinct(oneOf('model in data/models.yaml', models)),
    /** Asked besides the models as they are, each on the model it was made for. */
    adapters: distinct(oneOf('adapter in data/adapters', adapters)).optional(),
    /** How models in process are evaluated; default: canonical. Several sequences keep a GPU busy. */
    layout: z
      .strictObject({ name: z.literal('batched'), sequences: z.int().min(2).max(256) })
      .transform(({ sequences }) => batched(sequences))
      .optional(),
    prompt: oneOf('prompt in data/prompts.yaml', prompts),
    /** `also`: further rows to try everything on, such as the same with the evidence of NEI rebuilt. */
    datasets: z
      .array(
        z.strictObject({
          title,
          train: build,
          test: build,
          also: z
            .array(z.strictObject({ title, test: build }))
            .min(1)
            .optional(),
        }),
      )
      .min(1)
      .refine((datasets) => {
        const titles = testSets({ datasets }).map((each) => each.title);
        return new Set(titles).size === titles.length;
      }, 'two test sets have the same title'),
    /** Models that run here, or those named, are asked once more, shown solved examples of the data set's training rows. */
    shots: z
      .strictObject({
        count: z.int().min(1).max(64),
        seed: z.int(),
        models: distinct(oneOf('model in data/models.yaml', models)).optional(),
      })
      .optional(),
    /** What is fine-tuned. Encoders become records at once (`make records`), the others adapters (`make adapters`). */
    training: z
      .array(
        z.discriminatedUnion('method', [
          trainingEntry.extend({
            model: oneOf('model in data/models.yaml', models),
            train: distinct(build),
          }),
          encoderEntry.extend({
            model: oneOf('model in data/models.yaml', models),
            train: distinct(build),
          }),
        ]),
      )
      .refine((entries) => new Set(entries.map(({ id }) => id)).size === entries.length, 'holds an id twice')
      .optional(),
    split: z.strictObject({ size: z.int().positive(), seeds: distinct(z.int()) }),
    bootstrap: z.strictObject({
      replicates: z.int().min(100),
      level: z.number().gt(0).lt(1),
      seed: z.int(),
    }),
    /** How systems are compared: level of the tests, margin within which they match (a share), correction. */
    comparisons: z.strictObject({
      level: z.number().gt(0).lt(1),
      margin: z.number().gt(0).lt(1),
      correction: z.enum(['holm', 'benjamini-hochberg', 'none']),
    }),
  });

/** What a study file says. */
export type StudyPlan = z.output<ReturnType<typeof schema>>;

/** A study, open for questions. */
export interface Study {
  /** The file's stem, e.g. `small`. */
  readonly name: string;
  readonly plan: StudyPlan;
  readonly models: readonly Model[];
  /**
   * The scores of a model on a build: replayed where there is a record, else computed. Zero-shot and under the study's
   * prompt, unless told otherwise.
   */
  scores(
    model: string,
    test: BuildName,
    asked?: Partial<Pick<Run, 'prompt' | 'shots' | 'adapter'>>,
  ): Promise<SealedRecord<LabelScore>>;
  /**
   * What a model answers in words about a build, for models that tell no log-probabilities: replayed where there is a
   * record, else asked for.
   */
  answers(
    model: string,
    test: BuildName,
    asked?: Partial<Pick<Run, 'prompt' | 'shots' | 'adapter'> & { readonly limits: Partial<Limits> }>,
  ): Promise<SealedRecord<Generation>>;
  /** What a model says of a build: its scores if it tells log-probabilities, else its answers. */
  said(
    model: string,
    test: BuildName,
    asked?: Pick<Run, 'adapter' | 'shots'>,
  ): Promise<SealedRecord<LabelScore | Generation>>;
  /** Every model in every state of teaching. */
  readonly systems: readonly System[];
  /** Every test set: a data set's own, then its others. */
  readonly tests: readonly TestSet[];
  /**
   * What a system says of a test set: its record. Where there is none it is `not run`, since all of them take hours;
   * `make records` makes them, and so does a reproduction where model and data are here.
   */
  heard(system: System, test: TestSet): Promise<SealedRecord<LabelScore | Generation> | undefined>;
  /** Every run the study asks for of models that run here: a model at a time, as it is, with shots, and adapted. */
  readonly runs: readonly Run[];
  /** The same of models behind an endpoint. */
  readonly apiRuns: readonly Run[];
  /** Unloads the model last used. */
  close(): Promise<void>;
}

/**
 * Opens a study by the name of its file in `data/studies`.
 *
 * @param name default: the environment variable STUDY, else `small`.
 * @throws UserError naming file, line and field of a mistake, or the studies there are.
 */
export function openStudy(
  name: string = process.env['STUDY'] || 'small',
  paths: Paths = projectPaths(),
): Study {
  const file = studyFile(name, paths);
  const text = readFileSync(file, 'utf8');
  const known = schema(modelIds(paths), adapterIds(paths), promptNames(paths), buildOf(buildNames(paths)));
  const written = readYaml(file, known);
  // What a notebook reads of the plan is noted when it reads it; a key too many is to be told whatever it reads.
  const plan = notingReads(written, paths.root, file, text);
  noteEntry(paths.root, file, text, '');
  const adapters = (written.adapters ?? []).map((id) => findAdapter(id, paths));
  const stray = adapters.find(({ model }) => !written.models.includes(model));
  if (stray) {
    throw new UserError(
      `the adapter "${stray.id}" was made for ${stray.model}, which the study does not ask`,
      {
        at: { file },
      },
    );
  }

  const pool = new ScorerPool(paths);
  const models = () => plan.models.map((id) => findModel(id, paths));
  const systems = () => systemsOf(models(), plan, paths);
  const runsOf = (wanted: Model['provider']) =>
    systems()
      .filter(({ model }) => model.provider === wanted)
      .flatMap(({ model: { id: model }, asked }) =>
        testSets(plan).flatMap((set): Run[] =>
          asked ? [{ model, prompt: plan.prompt, test: set.test, layout: plan.layout, ...asked(set) }] : [],
        ),
      );
  const scores: Study['scores'] = (model, test, asked) =>
    scoreRun({ model, prompt: plan.prompt, test, layout: plan.layout, ...asked }, pool, paths);
  const answers: Study['answers'] = (model, test, { limits, ...asked } = {}) =>
    answerRun({ model, prompt: plan.prompt, test, ...asked }, limits, paths);
  const said: Study['said'] = (model, test, asked) =>
    (tellsLogprobs(findModel(model, paths)) ? scores : answers)(model, test, asked);
  return {
    name,
    plan,
    get models() {
      return models();
    },
    scores,
    answers,
    said,
    get systems() {
      return systems();
    },
    get tests() {
      return testSets(plan);
    },
    async heard({ model, asked }, set) {
      if (!asked) return undefined;
      const run = {
        model: model.id,
        prompt: plan.prompt,
        test: set.test,
        layout: plan.layout,
        ...asked(set),
      };
      const { record, wanted, missing } = await atHand(run, paths);
      return record ?? (wanted && missing.length === 0 ? said(model.id, set.test, asked(set)) : undefined);
    },
    get runs() {
      return runsOf('gguf');
    },
    get apiRuns() {
      return runsOf('openai');
    },
    close: () => pool.dispose(),
  };
}
