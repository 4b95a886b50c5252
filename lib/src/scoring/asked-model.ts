import { type Adapter, findAdapter } from '../models/adapters.js';
import { findGguf, findModel, type Model } from '../models/catalogue.js';
import { tunedAdapter } from '../models/tuned-model.js';
import { UserError } from '../project/error.js';
import type { Paths } from '../project/paths.js';

/** A model and what is put on it, by their ids. */
export interface Tuned {
  /** An id of `data/models.yaml`. */
  readonly model: string;
  /** An id of `data/adapters`, of what was tuned of that model; none is the model as it is. */
  readonly adapter?: string | undefined;
}

/**
 * What is asked of a run: its model, or that with what transformers puts on it; an adapter in GGUF is put on with the question.
 *
 * @throws UserError of an unknown model or adapter, or of one made for another model.
 */
export function askedModel({ model, adapter: id }: Tuned, paths: Paths): Model {
  const adapter = adapterOf({ model, adapter: id }, paths);
  return adapter?.provider === 'transformers'
    ? tunedAdapter(adapter, findGguf(model, paths))
    : findModel(model, paths);
}

/** The adapter of a run, if it has one. @throws UserError of an unknown one, or one made for another model. */
export function adapterOf({ adapter: id, model }: Tuned, paths: Paths): Adapter | undefined {
  if (id === undefined) return undefined;
  const adapter = findAdapter(id, paths);
  if (adapter.model !== model) throw madeForAnother(adapter, model, paths);
  assertRunsHere(id, findModel(model, paths), paths);
  return adapter;
}

/** The error of an adapter that is to be put on a model it was not made for. */
export const madeForAnother = ({ id, model }: Adapter, other: string, { adapters }: Paths): UserError =>
  new UserError(`the adapter "${id}" was made for ${model}, not for ${other}`, { at: { file: adapters } });

/** @throws UserError of a model that no adapter can be put on here. */
export function assertRunsHere(adapter: string, model: Model, { adapters }: Paths): void {
  if (model.provider === 'gguf') return;
  throw new UserError(
    `the adapter "${adapter}" can only be put on a model that runs here, not on ${model.id}`,
    {
      at: { file: adapters },
      hint: 'A server that has adapters of its own gives each a name: make that a model of data/models.yaml.',
    },
  );
}
