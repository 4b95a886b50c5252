import { type Paths, projectPaths } from '../project/paths.js';
import { providerOf } from './provider.js';
import type { Scorer } from './scorer.js';

/** Keeps the model last used ready, so that runs which follow each other on one model load it once. */
export class ScorerPool {
  private loaded: { readonly model: string; readonly scorer: Scorer } | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly paths: Paths = projectPaths()) {}

  /**
   * Gives `work` a model of the catalogue, ready; fetched and verified first if need be. One piece of work at a time,
   * so that none has its model taken from under it.
   */
  use<T>(model: string, work: (scorer: Scorer) => Promise<T>): Promise<T> {
    const result = this.queue.then(async () => work(await this.load(model)));
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async load(model: string): Promise<Scorer> {
    if (this.loaded?.model === model) return this.loaded.scorer;
    await this.dispose();
    const scorer = await (await providerOf(model, this.paths)).open();
    this.loaded = { model, scorer };
    return scorer;
  }

  async dispose(): Promise<void> {
    const { loaded } = this;
    this.loaded = undefined;
    await loaded?.scorer.dispose();
  }
}
