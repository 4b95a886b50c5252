import { join } from 'node:path';
import { taskOf } from '../datasets/builds.js';
import { recordedFacts } from '../datasets/facts.js';
import { type CardScore, modelCard } from '../finetuning/model-card.js';
import { answersTo, type RecordedAnswer } from '../metrics/answers.js';
import { referencesOf } from '../metrics/evaluation.js';
import { scores } from '../metrics/measure.js';
import type { Adapter } from '../models/adapters.js';
import { findGguf } from '../models/catalogue.js';
import { writeFileAtomic } from '../project/atomic.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { openRecords, type Records } from '../records/store.js';
import { formatNumber } from '../reporting/format.js';
import { type AnswerRow, answersRecord } from '../scoring/answers.js';
import { heading, tableMeasures } from './core-table.js';
import type { Study } from './study.js';
import type { TestSet } from './systems/system.js';

/**
 * Writes an adapter's card again, with its scores where the study that it was made for has records of it. The card of
 * another study's adapter is left as it is.
 *
 * @returns on how many test sets it has scores; undefined of another study's.
 */
export async function writeCard(
  adapter: Adapter,
  study: Pick<Study, 'name' | 'runs' | 'tests' | 'floors'>,
  paths: Paths = projectPaths(),
): Promise<number | undefined> {
  if (adapter.training?.study !== study.name) return undefined;
  const records = openRecords(paths);
  const found: CardScore[] = [];
  for (const run of study.runs.filter((each) => each.adapter === adapter.id)) {
    const { header, name } = answersRecord(run, paths);
    const record = records.find<AnswerRow>(header, name);
    const facts = recordedFacts(run.test, paths, records);
    if (!record || !facts) continue;
    const task = taskOf(run.test, paths);
    const { main, others, each } = tableMeasures(task);
    const measures = [main, ...others, ...each];
    const golds = referencesOf(task, facts.rows);
    const scored = (rows: readonly RecordedAnswer[]) =>
      scores(measures, golds, answersTo(task, facts.rows, rows));
    const numbers = scored(record.rows);
    const set = study.tests.find(({ test }) => test === run.test);
    const best = set && (await bestFloor(set, study, records, (rows) => scored(rows)[0] ?? Number.NaN));
    found.push({
      test: run.test,
      rows: facts.rows.length,
      scores: {
        ...Object.fromEntries(
          measures.map((measure, index) => [
            heading(measure),
            formatNumber(numbers[index] ?? Number.NaN, measure),
          ]),
        ),
        ...(best && { [`best floor, ${main.title}`]: `${formatNumber(best.score, main)} (${best.title})` }),
      },
    });
  }
  const card = modelCard(adapter, findGguf(adapter.model, paths), found, paths);
  writeFileAtomic(join(paths.adapters, adapter.id, 'README.md'), card);
  return found.length;
}

/** The floor with the highest score on a test set; floors that would have to be fitted are left out. */
async function bestFloor(
  set: TestSet,
  study: Pick<Study, 'floors'>,
  records: Records,
  scoreOf: (rows: readonly RecordedAnswer[]) => number,
): Promise<{ readonly score: number; readonly title: string } | undefined> {
  const found = [];
  for (const floor of study.floors(set)) {
    if (!floor.records(set).every(({ header, name }) => records.find(header, name))) continue;
    found.push({ score: scoreOf((await floor.answers(set)).rows), title: floor.model.title });
  }
  return found.sort((a, b) => b.score - a.score)[0];
}
