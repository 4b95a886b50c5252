import { gridOf, type HyperParameters } from '../models/training-entry.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { openRecords, type SealedRecord } from '../records/store.js';
import { findPrompt } from '../tasks/prompt.js';
import type { Row } from '../tasks/row.js';
import { epochLosses, heldOutScores } from './curve.js';
import type { TrainedAs } from './entry-adapter.js';
import { train } from './training.js';
import { forValidation, trainingRows } from './training-rows.js';
import { type Trial, trialsHeader, trialsName } from './trials-record.js';

/**
 * Every trial of an entry's grid: replayed from its record, or trained. They learn from a part of the rows that the
 * entry's first seed draws and are judged on the others, whose claims and documents they have not learnt from; no test
 * is looked at.
 */
export async function trialsOf(
  { entry, prompt }: Omit<TrainedAs, 'seed'>,
  paths: Paths = projectPaths(),
): Promise<SealedRecord<Trial>> {
  const seed = entry.seeds[0] ?? 0;
  const header = await trialsHeader({ entry, prompt }, paths);
  return openRecords(paths).ensure<Trial>({
    header,
    name: trialsName(entry),
    async compute(partial) {
      const drawn = (await trainingRows(entry, seed, paths)).flatMap(({ rows }) => rows);
      const parts = forValidation(drawn, {
        share: entry.validation,
        seed,
        stratify: findPrompt(prompt, paths).shape,
      });
      const trials: Trial[] = [];
      for (const [index, hyper] of gridOf(entry).entries()) {
        const id = `trial-${index + 1}`;
        const there = partial.rows.get(id)?.row;
        if (!there) partial.append(...(await trial(id, hyper, parts)));
        const row = partial.rows.get(id)?.row;
        if (!row) throw new Error(`${id} was not kept`);
        trials.push(row);
      }
      return trials;
    },
  });

  async function trial(
    id: string,
    hyper: HyperParameters,
    { train: rows, validation }: { readonly train: readonly Row[]; readonly validation: readonly Row[] },
  ): Promise<[Trial, number]> {
    const name = `${entry.id}-${id}`;
    const { curve, made } = await train({ name, entry, hyper, seed, prompt, rows, validation }, paths);
    const validationLosses = heldOutScores(curve).flatMap(({ loss }) => loss ?? []);
    const trainingLosses = epochLosses(curve, made.stepsPerEpoch);
    const counts = { rows: rows.length, validationRows: validation.length };
    const base = { from: made.base.from, name: made.base.name };
    return [{ id, ...hyper, ...counts, base, validationLosses, trainingLosses }, made.seconds * 1000];
  }
}
