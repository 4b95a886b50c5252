import type { TransformersModel } from '../../models/catalogue.js';
import { fetchWeights, weightsHashes } from '../../models/transformers-weights.js';
import { UserError } from '../../project/error.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import type { Provider } from '../provider.js';
import type { Writer } from '../writer.js';
import { batchLayout } from './layout.js';
import { transformersScorer } from './scorer.js';
import { engineOf, openSession } from './session.js';
import { transformersWriter } from './writer.js';

/** A model that a Python worker asks, as a scorer and as a writer. Its header needs neither Python nor weights. */
export function transformersProvider(
  model: TransformersModel,
  paths: Paths = projectPaths(),
): Provider & { openWriter(): Promise<Writer> } {
  const { id, title, kind, dtype, device, of = id } = model;
  return {
    title,
    get header() {
      const hashes = weightsHashes(model, paths);
      if (!hashes) {
        throw new UserError(`nobody has downloaded all of ${title} yet, so it has no hash`, {
          hint: `npx small-claims models ${id} fetches it and keeps its hash in data/pins.json.`,
        });
      }
      return {
        model: { id: of, kind, ...hashes },
        ...{ dtype, device },
        layout: { ...batchLayout(model) },
        engine: engineOf(model, paths),
      };
    },
    async prepare() {
      if (!weightsHashes(model, paths)) await fetchWeights(model, paths);
    },
    open: async () => transformersScorer(await openSession(model, paths)),
    openWriter: async () => transformersWriter(await openSession(model, paths)),
  };
}
