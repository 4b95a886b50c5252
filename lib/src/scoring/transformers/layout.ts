import type { TransformersModel } from '../../models/catalogue.js';

/** How rows are handed to PyTorch. Results depend on it in the last digits, so it is part of a run's header. */
export interface BatchLayout {
  readonly name: 'shared-prefix' | 'equal-lengths';
  /** Raised with every change to lib/python/transformers_worker that moves a digit. */
  readonly version: 1;
  /** The most rows of a batch. */
  readonly batch: number;
}

/**
 * Rows share a batch only where they are of equal length, rounded up, since a row's last digits depend on
 * its padding and not on its neighbours. With a decoder, what all prompts begin with is evaluated once, as one chunk, then
 * each first field (of claims the evidence) once, then the rest of each prompt.
 */
export const batchLayout = ({ kind }: Pick<TransformersModel, 'kind'>): BatchLayout => ({
  name: kind === 'decoder' ? 'shared-prefix' : 'equal-lengths',
  version: 1,
  batch: 16,
});
