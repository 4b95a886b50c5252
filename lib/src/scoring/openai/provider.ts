import type { ApiModel } from '../../models/catalogue.js';
import { UserError } from '../../project/error.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import type { Json } from '../../records/header.js';
import type { Provider } from '../provider.js';
import type { ApiMeans } from './asking.js';
import { budgetOfCommand } from './budget.js';
import { MESSAGES } from './messages.js';
import { apiOptions } from './options.js';
import { sampling, type Wanted } from './request.js';

/**
 * What of a run's header a model behind an endpoint gives: its name there, what kind of server it is, which weights
 * they are if they are open, how the prompt is handed over, and the sampling parameters. Not where it is.
 */
export function apiHeader(
  model: ApiModel,
  wanted: Wanted,
): { readonly model: Json; readonly [field: string]: Json } {
  const { id, apiModel, server, weights } = model;
  return {
    model: { id, api: apiModel, server, ...(weights !== undefined && { weights }) },
    layout: MESSAGES,
    sampling: sampling(model, wanted),
  };
}

/** The provider of a model behind an endpoint that tells log-probabilities. */
export function apiProvider(
  model: ApiModel,
  paths: Paths = projectPaths(),
  means = meansOf(paths),
): Provider {
  return {
    title: model.title,
    header: apiHeader(model, { kind: 'scores' }),
    async prepare() {},
    async open() {
      if (!model.logprobs) {
        throw new UserError(`${model.title} tells no log-probabilities`, {
          at: { file: paths.modelsFile },
          hint: 'Its answers can be read instead: study.answers.',
        });
      }
      // The package takes a while to load, and a replay never needs it.
      const { openApiScorer } = await import('./scorer.js');
      return openApiScorer(model, means);
    },
  };
}

/** The means that the environment gives: options, and the budget that all runs of a command share. */
export function meansOf(paths: Paths, env: NodeJS.ProcessEnv = process.env): ApiMeans {
  return { paths, budget: budgetOfCommand(), options: apiOptions(env), env };
}
