import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import { BUILD_NAMES } from '../datasets/builds.js';
import type { BuildName } from '../datasets/example.js';
import { findModel, type Model } from '../models/catalogue.js';
import { sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { noteInput } from '../project/ledger.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { readYaml } from '../project/yaml.js';
import type { SealedRecord } from '../records/store.js';
import type { LabelScore } from './label-score.js';
import { findTemplate } from './prompt.js';
import { type Run, scoreRun } from './run.js';
import { ScorerPool } from './scorer-pool.js';

const build = z.custom<BuildName>(
  (value) => typeof value === 'string' && BUILD_NAMES.some((name) => name === value),
  {
    error: ({ input }) => `no such build; the nearest is "${closest(String(input), BUILD_NAMES)}"`,
  },
);

const schema = z.strictObject({
  title: z.string().min(1),
  models: z.array(z.string()).min(1),
  prompt: z.string(),
  datasets: z.array(z.strictObject({ title: z.string().min(1), train: build, test: build })).min(1),
  split: z.strictObject({ size: z.int().positive(), seeds: z.array(z.int()).min(1) }),
  bootstrap: z.strictObject({
    replicates: z.int().min(100),
    level: z.number().gt(0).lt(1),
    seed: z.int(),
  }),
});

/** What a study file says. */
export type StudyPlan = z.output<typeof schema>;

/** A study, open for questions. */
export interface Study {
  /** The file's stem, e.g. `small`. */
  readonly name: string;
  readonly plan: StudyPlan;
  readonly models: readonly Model[];
  /** The scores of a model on a build under the study's prompt: replayed where there is a record, else computed. */
  scores(model: string, test: BuildName): Promise<SealedRecord<LabelScore>>;
  /** Every run the study asks for of models that run here, grouped by model. */
  readonly runs: readonly Run[];
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
  const file = join(paths.studies, `${basename(name)}.yaml`);
  if (!existsSync(file)) {
    throw new UserError(`there is no study "${name}"`, { at: { file }, hint: 'STUDY=small is the default.' });
  }
  const plan = readYaml(file, schema);
  findTemplate(plan.prompt);
  const models = plan.models.map((id) => findModel(id, paths));
  for (const read of [file, paths.modelsFile, paths.datasetsFile])
    noteInput(paths.root, read, sha256(readFileSync(read)));

  const pool = new ScorerPool(paths);
  const runs = models
    .filter(({ provider }) => provider === 'gguf')
    .flatMap(({ id }) => plan.datasets.map(({ test }): Run => ({ model: id, prompt: plan.prompt, test })));
  return {
    name,
    plan,
    models,
    runs,
    scores: (model, test) => scoreRun({ model, prompt: plan.prompt, test }, pool, paths),
    close: () => pool.dispose(),
  };
}
