import type { Sha256 } from '../project/digest.js';
import type { Adapter } from './adapters.js';
import type { GgufModel, TransformersModel } from './catalogue.js';
import type { TrainingEntry } from './training-entry.js';

/** What was tuned: its files, by name, and how. */
export interface Tuned extends Pick<Adapter, 'id' | 'title'>, Pick<TrainingEntry, 'method'> {
  readonly files: Readonly<Record<string, Sha256>>;
}

/**
 * A model with what was tuned on it, as transformers asks it: on the weights of its file, dequantised, in 32 bits, or quantised
 * as QLoRA does; tuned in full, on weights of its own.
 */
export const tunedModel = ({ id, title, method, files }: Tuned, base: GgufModel): TransformersModel => ({
  ...{ id, title, of: base.id, provider: 'transformers', kind: 'decoder', device: 'auto' },
  ...{ licence: base.licence, parameters: base.parameters },
  dtype: method === 'qlora' ? 'nf4' : 'float32',
  ...(method !== 'full' && { base: base.id }),
  files,
});

/** The same of an adapter that has a manifest. */
export function tunedAdapter(
  { training, file, sha256, ...adapter }: Adapter,
  base: GgufModel,
): TransformersModel {
  if (!training) throw new Error(`${adapter.id} was not trained here`);
  return tunedModel(
    { ...adapter, method: training.method, files: { ...training.files, [file]: sha256 } },
    base,
  );
}
