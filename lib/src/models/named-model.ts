import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { sha256File } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { alternatives } from '../project/nearest.js';
import type { Paths } from '../project/paths.js';
import { type ApiModel, findModel, type GgufModel, type Model, modelIds } from './catalogue.js';
import { presentModel } from './locate.js';

/** What is told of a model behind an address. */
export interface EndpointOptions {
  /** What the endpoint calls it. */
  readonly modelName?: string | undefined;
  /** The environment variable that holds the key, where it takes one. */
  readonly key?: string | undefined;
  /** Whether it tells log-probabilities; else its answers are read. Default true. */
  readonly logprobs?: boolean | undefined;
}

/**
 * A model as a user names it: an id of `data/models.yaml`; a GGUF file, by its path, or by its name where it lies in
 * MODELS_DIR or the cache; or the address of an endpoint that speaks OpenAI's protocol. A file or an endpoint needs no entry:
 * it is known by its hash, or by the name that the endpoint has for it.
 *
 * @throws UserError for what is none of these, with the nearest id; for an address without the model's name there.
 */
export async function namedModel(name: string, told: EndpointOptions, paths: Paths): Promise<Model> {
  if (/^https?:\/\//i.test(name)) return served(name, told);
  const stray = Object.entries({ 'model-name': told.modelName, key: told.key }).find(([, value]) => value);
  if (stray) throw new UserError(`--${stray[0]} is of an endpoint, and the model ${name} is none`);
  const ids = modelIds(paths);
  if (ids.includes(name)) return findModel(name, paths);
  const isFile = /[\\/]/.test(name) || /\.gguf$/i.test(name) || existsSync(name);
  if (isFile) return fileModel(name, paths);
  throw new UserError(`there is no model "${name}"`, {
    at: { file: paths.modelsFile },
    hint: `${alternatives(name, ids)} A model may also be the path of a GGUF file, or the address of an endpoint.`,
  });
}

async function fileModel(name: string, paths: Paths): Promise<GgufModel> {
  const path = existsSync(name) ? resolve(name) : presentModel({ file: name }, paths);
  if (path === undefined)
    throw new UserError('no such file', {
      at: { file: name },
      hint: `Name the path of a GGUF file, or put it into MODELS_DIR or ${paths.modelCache}.`,
    });
  const title = basename(path);
  return {
    id: title.replace(/\.gguf$/i, '').replace(/[^\w.-]/g, '-'),
    title,
    provider: 'gguf',
    file: path,
    sha256: await sha256File(path),
    sources: [],
    ...{ parameters: 'unknown', quantisation: 'unknown', licence: 'unknown' },
  };
}

function served(url: string, { modelName, key, logprobs = true }: EndpointOptions): ApiModel {
  if (modelName === undefined)
    throw new UserError('an endpoint may have several models, and none is named', {
      hint: 'Add --model-name NAME: what the endpoint calls it (most list their names at /v1/models).',
    });
  // Of OpenAI's own the price has to be known, and the key is where all look for it.
  const isOpenai = URL.canParse(url) && /(^|\.)openai\.com$/.test(new URL(url).hostname);
  const variable = key ?? (isOpenai ? 'OPENAI_API_KEY' : undefined);
  return {
    id: modelName.replace(/[^\w.-]/g, '-'),
    title: modelName,
    provider: 'openai',
    licence: 'unknown',
    apiModel: modelName,
    server: isOpenai ? 'openai' : 'other',
    url,
    ...(variable !== undefined && { key: variable }),
    logprobs,
    ...{ topLogprobs: 20, answerTokens: 16 },
  };
}
