import type { GgufModel } from '../models/catalogue.js';
import { locateModel } from '../models/locate.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { type LlamaScorer, openLlamaScorer, type ScorerOptions } from './llama.js';

/** Keeps the model last used in memory, so that runs which follow each other on one model load it once. */
export class ScorerPool {
  private loaded: { readonly id: string; readonly scorer: LlamaScorer } | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly paths: Paths = projectPaths()) {}

  /**
   * Gives `work` the model, loaded; fetched and verified first if need be. One piece of work at a time, so that none
   * has its model taken from under it.
   */
  use<T>(model: GgufModel, work: (scorer: LlamaScorer) => Promise<T>): Promise<T> {
    const result = this.queue.then(async () => work(await this.load(model)));
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async load(model: GgufModel): Promise<LlamaScorer> {
    if (this.loaded?.id === model.id) return this.loaded.scorer;
    await this.dispose();
    const { path } = await locateModel(model, this.paths);
    process.stderr.write(`${model.title}: loading ${path}\n`);
    const scorer = await openLlamaScorer(path, threadsWanted());
    this.loaded = { id: model.id, scorer };
    return scorer;
  }

  async dispose(): Promise<void> {
    await this.loaded?.scorer.dispose();
    this.loaded = undefined;
  }
}

/** SMALL_CLAIMS_THREADS: fewer than the cores keep a machine usable that does other work meanwhile. */
function threadsWanted(): ScorerOptions {
  const text = process.env['SMALL_CLAIMS_THREADS'];
  if (text === undefined || text === '') return {};
  const threads = Number(text);
  if (Number.isInteger(threads) && threads > 0) return { threads };
  throw new UserError(`SMALL_CLAIMS_THREADS is "${text}"`, { hint: 'Give a whole number above 0.' });
}
