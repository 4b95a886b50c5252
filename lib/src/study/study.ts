import type { BuildName } from '../datasets/build-name.js';
import { findAdapter } from '../models/adapters.js';
import { findModel, type Model } from '../models/catalogue.js';
import { UserError } from '../project/error.js';
import { readText } from '../project/input-file.js';
import { noteEntry, notingReads } from '../project/ledger.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { readYaml } from '../project/yaml.js';
import type { SealedRecord } from '../records/store.js';
import { type AnswerRow, answersOf } from '../scoring/answers.js';
import type { Generation } from '../scoring/generation.js';
import { answerRun } from '../scoring/generation-run.js';
import type { LabelScore } from '../scoring/label-score.js';
import { type Run, scoreRun } from '../scoring/run.js';
import { ScorerPool } from '../scoring/scorer-pool.js';
import type { Limits } from '../scoring/writer.js';
import { studyFile } from './study-file.js';
import { type StudyPlan, studySchema } from './study-schema.js';
import { floorsOf } from './systems/floors.js';
import { type Prompted, poolOf, promptOf, systemsOf, testSets } from './systems/of-plan.js';
import {
  type Answered,
  answersThere,
  type ModelSystem,
  type System,
  type TestSet,
} from './systems/system.js';

export type { StudyPlan };

/** What may be told a model besides the rows. */
type Asked = Partial<Pick<Run, 'prompt' | 'shots' | 'adapter'>>;

/** A study, open for questions. */
export interface Study {
  /** The file's stem, e.g. `small`. */
  readonly name: string;
  readonly plan: StudyPlan;
  /** Of the project that it is a study of. */
  readonly paths: Paths;
  readonly models: readonly Model[];
  /**
   * The log-probabilities that a model gives the labels of a build: replayed where there is a record, else computed.
   * Zero-shot and under the prompt of the build's data set, unless told otherwise.
   */
  scores(model: string, test: BuildName, asked?: Asked): Promise<SealedRecord<LabelScore>>;
  /** What a model answers in words about a build: replayed where there is a record, else asked for. */
  answers(
    model: string,
    test: BuildName,
    asked?: Asked & { readonly limits?: Partial<Limits> },
  ): Promise<SealedRecord<Generation>>;
  /** What a model says of a build: scores where it tells log-probabilities and the task has labels, else answers. */
  responses(model: string, test: BuildName, asked?: Asked): Promise<SealedRecord<AnswerRow>>;
  /** Every model in every state of teaching. */
  readonly systems: readonly ModelSystem[];
  /** Every test set: a data set's own, then its others. */
  readonly tests: readonly TestSet[];
  /** The floors of a test set (`floorsOf`), fitted on the training rows that its own trained systems draw theirs from. */
  floors(test: TestSet): readonly System[];
  /** What a system answers about a test set, if that is there (`answersThere`); else it is `not run`. */
  answered(system: System, test: TestSet): Promise<Answered | undefined>;
  /** Every run the study asks for of models that run here: a model at a time, as it is, with shots, and adapted. */
  readonly runs: readonly Run[];
  /** The same of models behind an endpoint. */
  readonly apiRuns: readonly Run[];
  /** The prompt that an entry of `training` is trained under. */
  promptOf(entry: Prompted): string;
  /** Unloads the model last used. */
  close(): Promise<void>;
}

/**
 * Opens a study by the name of its file in `data/studies`. Records, models and data are not looked at before they are
 * asked for.
 *
 * @param name default: the environment variable STUDY, else `small`.
 * @throws UserError naming file, line and field of every mistake, or the studies there are.
 *
 * @example
 * const { models, tests } = openStudy('small');
 * models.length; // -> 3
 * tests.map(({ test }) => test); // -> ['scifact/rationales/dev', 'scifact/nei-random/dev', 'healthver/rows/test']
 */
export function openStudy(
  name: string = process.env['STUDY'] || 'small',
  paths: Paths = projectPaths(),
): Study {
  const file = studyFile(name, paths);
  const text = readText(file);
  const written = readYaml(file, studySchema(paths));
  // What a notebook reads of the plan is noted when it reads it; a key too many is to be told whatever it reads.
  const plan = notingReads(written, paths.root, file, text);
  noteEntry(paths.root, file, text, '');
  const adapters = (written.adapters ?? []).map((id) => findAdapter(id, paths));
  const stray = adapters.find(({ model }) => !written.models.includes(model));
  if (stray) {
    throw new UserError(
      `the adapter "${stray.id}" was made for ${stray.model}, which the study does not ask`,
      { at: { file } },
    );
  }

  const pool = new ScorerPool(paths);
  const models = () => plan.models.map((id) => findModel(id, paths));
  const systems = () => systemsOf(models(), plan, { pool, layout: plan.layout, paths });
  const runsOf = (wanted: Model['provider']) =>
    systems()
      .filter(({ model }) => model.provider === wanted)
      .flatMap(({ run }) => (run ? testSets(plan).map(run) : []));
  const runOf = (model: string, test: BuildName, asked: Asked = {}): Run => {
    const own = testSets(plan).find((set) => set.test === test);
    return {
      model,
      prompt: own?.prompt ?? promptOf({ train: [test] }, plan, paths),
      test,
      layout: plan.layout,
      ...asked,
    };
  };
  return {
    name,
    plan,
    paths,
    get models() {
      return models();
    },
    scores: (model, test, asked) => scoreRun(runOf(model, test, asked), pool, paths),
    answers: (model, test, { limits, ...asked } = {}) => answerRun(runOf(model, test, asked), limits, paths),
    responses: (model, test, asked) => answersOf(runOf(model, test, asked), pool, paths),
    get systems() {
      return systems();
    },
    get tests() {
      return testSets(plan);
    },
    floors: (test) => floorsOf(test, poolOf(test, plan, paths), paths),
    answered: (system, test) => answersThere(system, test, paths),
    get runs() {
      return runsOf('gguf');
    },
    get apiRuns() {
      return runsOf('openai');
    },
    promptOf: (entry) => promptOf(entry, plan, paths),
    close: () => pool.dispose(),
  };
}
