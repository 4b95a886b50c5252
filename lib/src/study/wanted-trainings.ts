import type { TrainedAs } from '../finetuning/entry-adapter.js';
import { seedBySeed } from '../models/training-entry.js';
import { UserError } from '../project/error.js';
import { alternatives } from '../project/nearest.js';
import type { Study } from './study.js';

/** An entry of a study, to be trained with one of its seeds. */
export type Wanted = TrainedAs;

/**
 * What a study asks to be trained: first every entry with its first seed, then with its second, and so on, so that an
 * early end leaves something of every entry.
 *
 * @param names only these entries; none: all.
 * @param seed only this one.
 * @throws UserError naming the nearest if there is no such entry, or none with the seed.
 */
export function wantedTrainings(
  { name, plan, promptOf }: Pick<Study, 'name' | 'plan' | 'promptOf'>,
  names: readonly string[] = [],
  seed?: number,
): readonly Wanted[] {
  const all = plan.training ?? [];
  const entries = all.flatMap((entry) => (entry.method === 'encoder' ? [] : [entry]));
  const ids = entries.map(({ id }) => id);
  for (const wanted of names) {
    if (ids.includes(wanted)) continue;
    if (all.some(({ id }) => id === wanted)) {
      throw new UserError(`${wanted} is an encoder: no adapter comes of it`, {
        hint: `make records RUNS=${wanted} trains and scores it.`,
      });
    }
    throw new UserError(`the study "${name}" has no training "${wanted}"`, {
      hint: alternatives(wanted, ids),
    });
  }
  const taken = names.length > 0 ? entries.filter(({ id }) => names.includes(id)) : entries;
  const found = seedBySeed(taken)
    .filter((one) => seed === undefined || one.seed === seed)
    .map((one) => ({ ...one, prompt: promptOf(one.entry) }));
  if (found.length === 0 && entries.length > 0) {
    const seeds = taken.map((entry) => `${entry.id} has ${entry.seeds.join(', ')}`);
    throw new UserError(`no training has the seed ${seed}`, {
      hint: `${seeds.join('; ')}. Add it to the entry’s seeds in data/studies/${name}.yaml.`,
    });
  }
  return found;
}
