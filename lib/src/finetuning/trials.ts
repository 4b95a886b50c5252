import { buildHeader } from '../datasets/builds.js';
import type { Example } from '../datasets/example.js';
import { findGguf } from '../models/catalogue.js';
import { pinModel } from '../models/pin.js';
import { gridOf, type HyperParameters } from '../models/training-entry.js';
import { type Paths, projectPaths } from '../project/paths.js';
import type { Json, RecordHeader } from '../records/header.js';
import { openRecords, type SealedRecord } from '../records/store.js';
import { promptHash } from '../scoring/chat.js';
import { findTemplate } from '../scoring/prompt.js';
import { headerJson } from '../scoring/run.js';
import { epochLosses } from './losses.js';
import { train } from './training.js';
import { forValidation, trainingRows } from './training-rows.js';
import type { Wanted } from './wanted.js';

/** A combination of a grid, and how it fared: a row of the record of an entry's trials. */
export type Trial = HyperParameters & {
  /** `trial-1`, ... in the order of the grid. */
  readonly id: string;
  readonly rows: number;
  readonly validationRows: number;
  /** After each epoch: the mean loss of the validation rows, in nats a token of the answer. */
  readonly validationLosses: readonly number[];
  /** The mean loss of the updates in each epoch. */
  readonly trainingLosses: readonly number[];
};

/**
 * Every trial of an entry's grid: replayed from its record, or trained. They learn from a part of the rows that the
 * entry's first seed draws and are judged on the others, no claim of which they have learnt from; no test is looked at.
 */
export async function trialsOf(
  { entry, prompt }: Omit<Wanted, 'seed'>,
  paths: Paths = projectPaths(),
): Promise<SealedRecord<Trial>> {
  const seed = entry.seeds[0] ?? 0;
  const model = await pinModel(findGguf(entry.model, paths), paths);
  const grid = gridOf(entry);
  const builds: Record<string, Json> = {};
  for (const name of entry.train) builds[name] = headerJson(buildHeader(name, paths));
  const header: RecordHeader = {
    kind: 'trials',
    model: { id: model.id, sha256: model.sha256 },
    prompt: { template: prompt, sha256: promptHash(findTemplate(prompt)) },
    ...{ builds, size: entry.size, seed, validation: entry.validation },
    ...{ method: entry.method, targets: entry.targets, warmup: entry.warmup },
    grid: grid.map((hyper) => ({ ...hyper })),
  };
  return openRecords(paths).ensure<Trial>({
    header,
    name: `trials/${entry.id}`,
    async compute(partial) {
      const drawn = (await trainingRows(entry, seed, paths)).flatMap(({ rows }) => rows);
      const parts = forValidation(drawn, entry.validation, seed);
      const trials: Trial[] = [];
      for (const [index, hyper] of grid.entries()) {
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
    {
      train: rows,
      validation,
    }: { readonly train: readonly Example[]; readonly validation: readonly Example[] },
  ): Promise<[Trial, number]> {
    const name = `${entry.id}-${id}`;
    const { log, made } = await train({ name, entry, hyper, seed, prompt, rows, validation }, paths);
    const validationLosses = log.flatMap(({ eval_loss: loss }) => loss ?? []);
    const trainingLosses = epochLosses(log, made.stepsPerEpoch);
    const counts = { rows: rows.length, validationRows: validation.length };
    return [{ id, ...hyper, ...counts, validationLosses, trainingLosses }, made.seconds * 1000];
  }
}

/** Of trials the one with the least loss on the validation rows at its end; of equals the first. */
export function bestTrial(trials: readonly Trial[]): Trial {
  const loss = ({ validationLosses }: Trial) => validationLosses.at(-1) ?? Number.POSITIVE_INFINITY;
  const [best] = trials.toSorted((a, b) => loss(a) - loss(b));
  if (!best) throw new Error('no trials');
  return best;
}
