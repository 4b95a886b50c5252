import { join } from 'node:path';
import { emptinessRule } from '../audit/claim-verification/emptiness.js';
import { follow } from '../audit/rules.js';
import { taskOf } from '../datasets/builds.js';
import { recordedFacts } from '../datasets/facts.js';
import { type CardScore, modelCard } from '../finetuning/model-card.js';
import { answersTo } from '../metrics/answers.js';
import { scores } from '../metrics/measure.js';
import { findMeasure } from '../metrics/measures/measures.js';
import type { Adapter } from '../models/adapters.js';
import { findGguf } from '../models/catalogue.js';
import { writeFileAtomic } from '../project/atomic.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { openRecords } from '../records/store.js';
import type { LabelScore } from '../scoring/label-score.js';
import { runHeader, runName } from '../scoring/run.js';
import type { Study } from './study.js';

/**
 * Writes an adapter's card again, with its scores where the study that it was made for has records of it. The card of
 * another study's adapter is left as it is.
 *
 * @returns on how many test sets it has scores; undefined of another study's.
 */
export async function writeCard(
  adapter: Adapter,
  { name, runs }: Pick<Study, 'name' | 'runs'>,
  paths: Paths = projectPaths(),
): Promise<number | undefined> {
  if (adapter.training?.study !== name) return undefined;
  const records = openRecords(paths);
  const found: CardScore[] = [];
  for (const run of runs.filter((each) => each.adapter === adapter.id)) {
    const record = records.find<LabelScore>(runHeader(run, paths), runName(run));
    const facts = recordedFacts(run.test, paths, records);
    if (!record || !facts) continue;
    const task = taskOf(run.test, paths);
    const golds = facts.rows.map(({ gold }) => gold);
    const measures = ['macro-f1', 'f1-nei', 'accuracy'].map((id) => findMeasure(id, task));
    const [macroF1 = 0, neiF1 = 0, accuracy = 0] = scores(
      measures,
      golds,
      answersTo(task, facts.rows, record.rows),
    );
    const [emptiness = 0] = scores(measures, golds, follow(emptinessRule, facts.rows));
    found.push({
      test: run.test,
      rows: golds.length,
      scores: {
        'macro-F1': macroF1,
        'F1 of NEI': neiF1,
        accuracy,
        'macro-F1 of a rule that only asks whether evidence is empty': emptiness,
      },
    });
  }
  const card = modelCard(adapter, findGguf(adapter.model, paths), found, paths);
  writeFileAtomic(join(paths.adapters, adapter.id, 'README.md'), card);
  return found.length;
}
