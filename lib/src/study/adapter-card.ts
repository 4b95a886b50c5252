import { join } from 'node:path';
import { emptinessRule, follow } from '../audit/rules.js';
import { recordedFacts } from '../datasets/facts.js';
import { type CardScore, modelCard } from '../finetuning/model-card.js';
import { predictions } from '../metrics/prediction.js';
import { scores } from '../metrics/scores.js';
import type { Adapter } from '../models/adapters.js';
import { findGguf } from '../models/catalogue.js';
import { writeFileAtomic } from '../project/atomic.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { openRecords } from '../records/store.js';
import type { LabelScore } from '../scoring/label-score.js';
import { runHeader, runName } from '../scoring/run.js';
import { goldLabels } from '../tasks/example.js';
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
    const gold = goldLabels(facts.rows);
    const { macroF1, accuracy, labels } = scores(gold, predictions(facts.rows, record.rows));
    const emptiness = scores(gold, follow(emptinessRule, facts.rows)).macroF1;
    found.push({
      test: run.test,
      rows: gold.length,
      scores: {
        'macro-F1': macroF1,
        'F1 of NEI': labels.NEI.f1,
        accuracy,
        'macro-F1 of a rule that only asks whether evidence is empty': emptiness,
      },
    });
  }
  const card = modelCard(adapter, findGguf(adapter.model, paths), found, paths);
  writeFileAtomic(join(paths.adapters, adapter.id, 'README.md'), card);
  return found.length;
}
