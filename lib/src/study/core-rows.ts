import { taskOf } from '../datasets/builds.js';
import { buildFacts } from '../datasets/facts.js';
import { answersTo, type RecordedAnswer } from '../metrics/answers.js';
import type { Estimates } from '../metrics/estimates.js';
import { evaluate } from '../metrics/evaluation.js';
import type { Answers } from '../metrics/measure.js';
import type { BootstrapOptions } from '../metrics/resampling/bootstrap.js';
import { type Source, toId } from '../reporting/publication.js';
import type { Quoted, QuotedFigure } from '../reporting/quoted.js';
import type { RowFacts } from '../tasks/row.js';
import type { Task } from '../tasks/task.js';
import { sharedWithTraining } from './shared-training.js';
import type { Study } from './study.js';
import type { System, TestSet } from './systems/system.js';

/** What every row of the core table has: the names of a system and of a test set, and what it was computed from. */
interface CoreName {
  /** Kebab-case, unique within a study: the beginning of the ids of what is published of it. */
  readonly id: string;
  readonly test: string;
  readonly model: string;
  readonly method: string;
  /** Undefined where the model was not trained. */
  readonly trainedOn?: string | undefined;
  readonly sources: readonly Source[];
  /** What its table has to say of test rows that share something with training rows. */
  readonly shared?: readonly string[];
}

/** A row that was computed here, over the seeds there are. */
export interface CoreScores extends CoreName {
  readonly state: 'run';
  /** Undefined where no seed is involved. */
  readonly seeds: readonly (number | undefined)[];
  /** Seeds that the study asks for and that have not been run. */
  readonly missingSeeds: readonly (number | undefined)[];
  readonly scores: Estimates;
  /** By seed, in the order of the test rows. */
  readonly predicted: readonly Answers[];
  /** By seed: what the records hold. */
  readonly answers: readonly (readonly RecordedAnswer[])[];
  /** Rows without an answer, over all seeds: refusals, and texts that are none to such a task. */
  readonly refused: number;
  readonly unparsable: number;
}

/** A row of the core table. */
export type CoreRow =
  | CoreScores
  | (CoreName & { readonly state: 'not run' })
  | (CoreName & { readonly state: 'quoted'; readonly figures: readonly QuotedFigure[] });

/** A system's answers to one test set, undefined where it has not been run. */
interface SystemAnswers {
  readonly system: Pick<System, 'method' | 'trainedOn' | 'entry' | 'seed'> & {
    readonly model: Pick<System['model'], 'id' | 'title'>;
  };
  readonly record: (Source & { readonly rows: readonly (RecordedAnswer & Outcome)[] }) | undefined;
}
type Outcome = { readonly outcome?: 'answered' | 'refused' | 'unparsable' };

/**
 * The rows of the core table for one test set: systems that differ in their seed alone are one row, in the order in
 * which they come; a system none of whose seeds has been run is `not run`.
 *
 * @param facts the test rows with their gold labels. @throws UserError where a record is not of these rows.
 * @internal
 */
export function coreRowsOf(
  task: Task,
  test: string,
  facts: Source & { readonly rows: readonly RowFacts[] },
  answered: readonly SystemAnswers[],
  bootstrap: Omit<BootstrapOptions, 'clusters'> = {},
): readonly CoreRow[] {
  const groups = new Map<string, SystemAnswers[]>();
  for (const each of answered) {
    const { model, method, trainedOn, entry } = each.system;
    const key = JSON.stringify([model.id, method, trainedOn ?? null, entry ?? null]);
    const group = groups.get(key) ?? [];
    if (group.some(({ system }) => system.seed === each.system.seed))
      throw new Error(`${model.id}, ${method}, seed ${each.system.seed}: the same system twice`);
    groups.set(key, [...group, each]);
  }
  const firsts = [...groups.values()].flatMap(([first]) => (first ? [first.system] : []));
  /** What it was trained on; of two entries that look alike to a reader, with the entry. */
  const trainingOf = ({ model, method, trainedOn, entry }: SystemAnswers['system']) => {
    const alike = firsts.filter(
      (other) => other.model.id === model.id && other.method === method && other.trainedOn === trainedOn,
    );
    return alike.length > 1 ? `${trainedOn ?? ''} (${entry ?? 'as it is'})`.trim() : trainedOn;
  };
  return [...groups.values()].flatMap((group): readonly CoreRow[] => {
    const [first] = group;
    if (!first) return [];
    const { model, method } = first.system;
    const trainedOn = trainingOf(first.system);
    const id = toId(model.id, method, trainedOn, 'on', test);
    const name = { id, test, model: model.title, method, trainedOn };
    const run = group.flatMap(({ system, record }) => (record ? [{ seed: system.seed, record }] : []));
    if (run.length === 0) return [{ ...name, state: 'not run', sources: [facts] }];
    const recorded = run.map(({ record }) => record.rows);
    const predicted = run.map(({ record }) => answersTo(task, facts.rows, record.rows, record.path));
    const refused = recorded.flat().filter((row) => row.outcome === 'refused').length;
    return [
      {
        ...name,
        state: 'run',
        seeds: run.map(({ seed }) => seed),
        missingSeeds: group.flatMap(({ system, record }) => (record ? [] : [system.seed])),
        scores: evaluate(task, facts.rows, predicted, bootstrap),
        predicted,
        answers: recorded,
        refused,
        unparsable: predicted.flat().filter((answer) => answer === null).length - refused,
        sources: [facts, ...run.map(({ record }) => record)],
      },
    ];
  });
}

/**
 * The predictions of two rows of one test set, as a comparison takes them: with the seeds that both were run with, or the
 * only list of a row that involves no seed. Undefined where two trained systems have no seed in common.
 *
 * @example
 * const [a, b] = [{ seeds: [1, 2], predicted: [['yes'], ['no']] }, { seeds: [2, 3], predicted: [['maybe'], ['yes']] }];
 * onCommonSeeds(a, b); // -> [[['no']], [['maybe']]]
 */
export function onCommonSeeds(
  a: Pick<CoreScores, 'seeds' | 'predicted'>,
  b: Pick<CoreScores, 'seeds' | 'predicted'>,
): readonly [readonly Answers[], readonly Answers[]] | undefined {
  if ([a, b].some(({ seeds }) => seeds.every((seed) => seed === undefined)))
    return [a.predicted, b.predicted];
  const common = a.seeds.filter((seed) => b.seeds.includes(seed));
  if (common.length === 0) return undefined;
  const of = ({ seeds, predicted }: typeof a) =>
    common.flatMap((seed) => [predicted[seeds.indexOf(seed)] ?? []]);
  return [of(a), of(b)];
}

/**
 * The quoted scores of a test set as rows, one a model, method and training set. Differences and factors are none.
 * @internal
 */
export function quotedRows(test: string, { figures, source }: Quoted): readonly CoreRow[] {
  const groups = new Map<string, QuotedFigure[]>();
  for (const each of figures.filter((figure) => figure.test === test && figure.unit === 'percent')) {
    const key = JSON.stringify([each.model, each.method, each.trainedOn]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap((group): readonly CoreRow[] => {
    const [first] = group;
    if (!first) return [];
    const { model = 'not known', method = 'not known', trainedOn } = first;
    const id = toId('quoted', model, method, trainedOn, 'on', test);
    return [{ id, test, model, method, trainedOn, state: 'quoted', figures: group, sources: [source] }];
  });
}

/**
 * The rows of the core table of a study: every system on every test set. What has a record is replayed; what has none
 * is `not run`, but in a reproduction.
 *
 * @param quoted figures to set beside them, e.g. `readQuoted()`; default: none.
 *
 * @example
 * const study = openStudy('small');
 * const [system] = study.systems;
 * const [row] = await coreRows({ ...study, systems: [system], tests: study.tests.slice(0, 1) });
 * [row.id, row.state]; // -> ['smollm2-135m-instruct-zero-shot-on-scifact', 'run']
 */
export async function coreRows(
  study: Pick<Study, 'systems' | 'tests' | 'answered' | 'plan' | 'paths' | 'close'>,
  quoted?: Quoted,
): Promise<readonly CoreRow[]> {
  const answered: (SystemAnswers & { readonly test: string })[] = [];
  // A model at a time: in a reproduction each is loaded, once.
  for (const system of study.systems) {
    for (const set of study.tests)
      answered.push({ test: set.title, system, record: await study.answered(system, set) });
  }
  await study.close();
  const rows: CoreRow[] = [];
  for (const set of study.tests) {
    rows.push(
      ...(await rowsOn(
        study,
        set,
        answered.filter((each) => each.test === set.title),
      )),
    );
    if (quoted) rows.push(...quotedRows(set.title, quoted));
  }
  return rows;
}

/**
 * The rows of the floors of a test set: systems that do not do what the task asks for, such as the commonest label or a
 * classifier of one text, fitted on the test set's training pool and scored like any other.
 *
 * @example
 * const study = openStudy('small');
 * const [first] = await floorRows(study, study.tests[0]);
 * [first.model, first.scores.of('accuracy').number]; // -> ['Majority', 0.48]
 */
export async function floorRows(
  study: Pick<Study, 'floors' | 'answered' | 'plan' | 'paths'>,
  set: TestSet,
): Promise<readonly CoreScores[]> {
  const answered: SystemAnswers[] = [];
  for (const system of study.floors(set))
    answered.push({ system, record: await study.answered(system, set) });
  return (await rowsOn(study, set, answered)).filter((row) => row.state === 'run');
}

async function rowsOn(
  { plan, paths }: Pick<Study, 'plan' | 'paths'>,
  set: TestSet,
  answered: readonly SystemAnswers[],
): Promise<readonly CoreRow[]> {
  const { title, test } = set;
  const facts = await buildFacts(test, paths);
  const shared = sharedWithTraining(set, plan, paths);
  const rows = coreRowsOf(taskOf(test, paths), title, facts, answered, plan.bootstrap);
  return rows.map((row) => (shared.length > 0 ? { ...row, shared } : row));
}
