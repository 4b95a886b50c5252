import { canonicalJson } from '../project/digest.js';
import { interruption } from '../project/interruption.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { askedModel } from './asked-model.js';
import type { Layout } from './llama/layout.js';
import { providerOf } from './provider.js';
import type { Scorer } from './scorer.js';

/** What has to be ready for a run. */
export interface Wanted {
  /** An id of `data/models.yaml`. */
  readonly model: string;
  readonly adapter?: string | undefined;
  /** How a model in process is evaluated; default: canonical. */
  readonly layout?: Layout | undefined;
}

/**
 * Keeps the model last used ready, so that runs which follow each other on one model load it once, whatever adapters
 * they put on it.
 */
export class ScorerPool {
  private loaded: { readonly key: string; readonly scorer: Scorer } | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly paths: Paths = projectPaths()) {}

  /**
   * Gives `work` the model, ready; fetched and verified first if need be. One piece of work at a time,
   * so that none has its model taken from under it.
   */
  use<T>(wanted: Wanted, work: (scorer: Scorer) => Promise<T>): Promise<T> {
    const signal = interruption();
    const result = this.queue.then(async () => {
      signal.throwIfAborted();
      const scorer = await this.load(wanted);
      signal.throwIfAborted();
      return work(scorer);
    });
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async load({ layout, ...wanted }: Wanted): Promise<Scorer> {
    const model = askedModel(wanted, this.paths);
    const key = canonicalJson({ model: model.id, layout: layout ?? null });
    if (this.loaded?.key === key) return this.loaded.scorer;
    await this.dispose();
    const scorer = await providerOf(model, this.paths, layout).open();
    this.loaded = { key, scorer };
    return scorer;
  }

  async dispose(): Promise<void> {
    const { loaded } = this;
    this.loaded = undefined;
    await loaded?.scorer.dispose();
  }
}
