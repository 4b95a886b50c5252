import { existsSync } from 'node:fs';
import type { BuildName } from '../datasets/build-name.js';
import { buildHeader, loadBuild, taskOf } from '../datasets/builds.js';
import { recordedFacts } from '../datasets/facts.js';
import { answersTo } from '../metrics/answers.js';
import { UserError } from '../project/error.js';
import { readText } from '../project/input-file.js';
import { alternatives } from '../project/nearest.js';
import type { Paths } from '../project/paths.js';
import type { Browsed, BrowsedAnswer, BrowsedRow, BrowsedSystem, Facet } from '../row-browser/page-rows.js';
import { textsFile } from '../scoring/generation.js';
import { hasRelease } from '../scoring/missing.js';
import { fieldsOf, type Task } from '../tasks/task.js';
import { sharedRows } from './shared-training.js';
import type { Study } from './study.js';
import type { Answered, System, TestSet } from './systems/system.js';

/**
 * The rows of a test set of a study, with what each of its systems answers where that is recorded, its floors, and what a
 * row shares with training rows: to be looked through (`showRows`, `small-claims browse`). Nothing is scored. Texts are
 * there where the data set is; else ids, gold and answers alone.
 *
 * @param test a build that the study tries systems on
 * @param keep which systems; default: all
 * @throws UserError where the study has no such test set, or nothing is known of its rows.
 *
 * @example
 * const { rows, systems } = await studyRows(openStudy('small'), 'scifact/rationales/dev');
 * [rows.length, systems[0]?.name]; // -> [450, 'SmolLM2-135M-Instruct, zero-shot']
 */
export async function studyRows(
  study: Pick<Study, 'systems' | 'tests' | 'floors' | 'answered' | 'plan' | 'paths'>,
  test: BuildName,
  keep: (system: System, set: TestSet) => boolean = () => true,
): Promise<Browsed> {
  const { paths, tests } = study;
  const set = tests.find((each) => each.test === test);
  if (!set)
    throw new UserError(`the study has no test set "${test}"`, {
      hint: alternatives(
        test,
        tests.map((each) => each.test),
        'its test sets',
      ),
    });
  const task = taskOf(test, paths);
  const { rows, notes } = await rowsOf(test, task, paths);
  const systems: BrowsedSystem[] = [];
  const left: string[] = [];
  const names = namesOf(study.systems.filter((each) => keep(each, set)));
  for (const [system, name] of names) {
    const found = await study.answered(system, set);
    if (found) systems.push({ name, answers: answersOf(system, found, rows, task, paths) });
    else left.push(name);
  }
  for (const floor of study.floors(set)) {
    // A floor that was never worked out takes its data.
    const found = await floorAnswers(study, floor, set);
    if (found)
      systems.push({
        name: floor.model.title,
        isFloor: true,
        answers: answersOf(floor, found, rows, task, paths),
      });
  }
  return {
    name: test,
    title: `${set.title}: ${test}`,
    task,
    rows,
    systems,
    facets: [...emptyFields(rows, task), ...sharedFacets(set, study)],
    notes: [
      ...notes,
      ...(left.length > 0 ? [`No record yet (make records, make adapters) of: ${left.join('; ')}.`] : []),
    ],
  };
}

/** A system as a reader tells it from others: its model, its method, what it was trained on, its seed. */
export function systemName({ model, method, trainedOn, seed }: System): string {
  if (method === 'floor') return model.title;
  const trained = trainedOn === undefined ? method : `${method} on ${trainedOn}`;
  return `${model.title}, ${trained}${seed === undefined ? '' : `, seed ${seed}`}`;
}

/** The same, with the entry that trained it where two would be called alike: they differ in size or rank alone. */
function namesOf(systems: readonly System[]): ReadonlyMap<System, string> {
  const names = systems.map(systemName);
  return new Map(
    systems.map((system, at) => {
      const name = names[at] ?? '';
      const isOnly = names.filter((each) => each === name).length === 1;
      return [system, isOnly ? name : `${name} (${system.entry ?? system.adapter ?? system.model.id})`];
    }),
  );
}

/** From the data set where it is on this machine, else what records tell of it, else from its publisher. */
async function rowsOf(test: BuildName, task: Task, paths: Paths) {
  const isHere = Object.keys(buildHeader(test, paths).files).every((file) => hasRelease(file, paths));
  const facts = isHere ? undefined : recordedFacts(test, paths);
  if (!facts) {
    const rows: readonly BrowsedRow[] = await loadBuild(test, { paths });
    return { rows, notes: [] };
  }
  const rows: readonly BrowsedRow[] = facts.rows.map(({ id, gold }) => ({
    id,
    texts: {},
    ...(task.shape !== 'text' && { gold }),
  }));
  return {
    rows,
    notes: ['The texts are not on this machine: make data brings them, or DATA_MIRROR names their folder.'],
  };
}

async function floorAnswers(study: Pick<Study, 'answered'>, floor: System, set: TestSet) {
  try {
    return await study.answered(floor, set);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function answersOf(
  system: System,
  { rows: recorded, path }: Answered,
  rows: readonly BrowsedRow[],
  task: Task,
  paths: Paths,
): BrowsedSystem['answers'] {
  const answers = answersTo(task, rows, recorded);
  const byId = new Map(recorded.map((each) => [each.id, each]));
  const written = system.run ? writtenTexts(path, paths) : new Map<string, string>();
  return new Map(
    rows.map(({ id }, at): [string, BrowsedAnswer] => {
      const kept = byId.get(id);
      const text = written.get(id);
      const answer = {
        answer: answers[at] ?? null,
        ...(kept && 'logprobs' in kept && { probabilities: kept.logprobs.map(Math.exp) }),
        ...(kept && 'mass' in kept && typeof kept.mass === 'number' && { mass: kept.mass }),
        ...(text !== undefined && { written: text }),
      };
      return [id, answer];
    }),
  );
}

/** What a model wrote, by row, where that was kept on this machine; of a text that is there twice the last. */
function writtenTexts(record: string, paths: Paths): ReadonlyMap<string, string> {
  const file = textsFile(record, paths);
  if (!existsSync(file)) return new Map();
  return new Map(
    readText(file)
      .split('\n')
      .flatMap((line): [string, string][] => {
        try {
          const { id, text } = JSON.parse(line);
          return [[String(id), String(text)]];
        } catch {
          // A kill may have cut the last line.
          return [];
        }
      }),
  );
}

/** Fields that some rows have empty and others have not, which may give an answer away. */
function emptyFields(rows: readonly BrowsedRow[], task: Task): readonly Facet[] {
  return fieldsOf(task).flatMap((field) => {
    const values = rows.flatMap(({ id, texts }): [string, string[]][] =>
      texts[field] === undefined ? [] : [[id, [texts[field] === '' ? 'empty' : 'there']]],
    );
    const isMixed = new Set(values.map(([, [value]]) => value)).size > 1;
    return isMixed ? [{ title: `${field} text`, values: new Map(values) }] : [];
  });
}

function sharedFacets(set: TestSet, { plan, paths }: Pick<Study, 'plan' | 'paths'>): readonly Facet[] {
  return sharedRows(set, plan, paths).map(({ pool, byRow }) => ({
    title: `Shared with ${pool}`,
    values: new Map([...byRow].map(([id, names]) => [id, names.length === 0 ? ['nothing (unseen)'] : names])),
  }));
}
