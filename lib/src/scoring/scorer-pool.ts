import type { GgufModel } from '../models/catalogue.js';
import { locateModel } from '../models/locate.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { type LlamaScorer, openLlamaScorer } from './llama.js';

/** Keeps the model last used in memory, so that runs which follow each other on one model load it once. */
export class ScorerPool {
  private loaded: { readonly id: string; readonly scorer: LlamaScorer } | undefined;

  constructor(private readonly paths: Paths = projectPaths()) {}

  /** The model, loaded; fetched and verified first if need be. */
  async scorer(model: GgufModel): Promise<LlamaScorer> {
    if (this.loaded?.id === model.id) return this.loaded.scorer;
    await this.dispose();
    const { path } = await locateModel(model, this.paths);
    process.stderr.write(`${model.title}: loading ${path}\n`);
    const scorer = await openLlamaScorer(path);
    this.loaded = { id: model.id, scorer };
    return scorer;
  }

  async dispose(): Promise<void> {
    await this.loaded?.scorer.dispose();
    this.loaded = undefined;
  }
}
