import { findModel, type Model } from '../models/catalogue.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import type { Json } from '../records/header.js';
import type { Layout } from './llama/layout.js';
import { ggufProvider } from './llama/provider.js';
import { apiProvider } from './openai/provider.js';
import type { Scorer } from './scorer.js';
import { transformersProvider } from './transformers/provider.js';

/** A model and the way it is asked. */
export interface Provider {
  /** For people. */
  readonly title: string;
  /**
   * Its part of a run's header: everything besides prompt, examples and adapter that determines the scores. Known
   * without the model, the network or a key. Throws UserError of a model whose hash nobody has learnt yet (`prepare`).
   */
  readonly header: { readonly model: Json; readonly [field: string]: Json };
  /** Learns what the header needs and nobody knows yet: the hash of a file, by downloading it. */
  prepare(): Promise<void>;
  /** Makes the model ready, fetched and verified first if need be; the caller disposes it. */
  open(): Promise<Scorer>;
}

/**
 * The provider of a model.
 *
 * @param model an id of the catalogue, or what would be an entry of it.
 * @param layout how a model in process is evaluated; default: canonical.
 * @throws UserError naming an unknown model, or one that cannot be asked.
 */
export function providerOf(model: string | Model, paths: Paths = projectPaths(), layout?: Layout): Provider {
  const found = typeof model === 'string' ? findModel(model, paths) : model;
  if (found.provider === 'gguf') return ggufProvider(found, paths, layout);
  if (found.provider === 'openai') return apiProvider(found, paths);
  if (found.provider === 'transformers') return transformersProvider(found, paths);
  throw new UserError(`${found.title} cannot be asked here (its provider is ${found.provider})`, {
    at: { file: paths.modelsFile },
  });
}
