import type { GgufModel } from '../../models/catalogue.js';
import { cacheOf, knownWeights, locateWeights, pinWeights } from '../../models/compute.js';
import { pinModel } from '../../models/pin.js';
import { UserError } from '../../project/error.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import type { Provider } from '../provider.js';
import { CANONICAL, type Layout } from './layout.js';
import { llamaCppRelease } from './release.js';
import { openLlamaScorer, type ScorerOptions } from './scorer.js';

/** A GGUF model, in process. */
export function ggufProvider(
  model: GgufModel,
  paths: Paths = projectPaths(),
  layout: Layout = CANONICAL,
): Provider {
  return {
    title: model.title,
    get header() {
      const weights = knownWeights(model, paths);
      if (weights === undefined) {
        throw new UserError(`nobody has downloaded ${model.title} yet, so its file has no hash`, {
          hint: `npx small-claims models ${model.id} fetches it and keeps its hash in data/pins.json.`,
        });
      }
      return { model: { id: model.id, ...weights }, layout: { ...layout }, llamaCpp: llamaCppRelease() };
    },
    async prepare() {
      await pinWeights(model, paths);
    },
    async open() {
      const { path } = await locateWeights(await pinModel(model, paths), paths);
      process.stderr.write(`${model.title}: loading ${path}\n`);
      return openLlamaScorer(path, { ...threadsWanted(), layout, cache: cacheOf(model) });
    },
  };
}

/** SMALL_CLAIMS_THREADS: fewer than the cores keep a machine usable that does other work meanwhile. */
export function threadsWanted(): ScorerOptions {
  const text = process.env['SMALL_CLAIMS_THREADS'];
  if (text === undefined || text === '') return {};
  const threads = Number(text);
  if (Number.isInteger(threads) && threads > 0 && threads <= MOST_THREADS) return { threads };
  throw new UserError(`SMALL_CLAIMS_THREADS is "${text}"`, {
    hint: `Give a whole number above 0 and up to ${MOST_THREADS}.`,
  });
}

/** Of ggml: GGML_MAX_N_THREADS. */
const MOST_THREADS = 512;
