import { z } from 'zod';
import { sha256Field } from './catalogue.js';
import { buildField, trainingEntry } from './training-entry.js';

/**
 * Which recipe trains adapters: what `finetuning/trl-config.ts` and `sft.py` fix, the drawing and order of rows, which of them
 * a grid is chosen on, and a row's tokens.
 * Whoever changes one of these so that something else is learnt raises it, and nothing made before is taken for the same.
 */
export const RECIPE_VERSION: number = 1;

const agreement = z.strictObject({
  rows: z.int(),
  sameLabel: z.int(),
  largest: z.number(),
  mean: z.number(),
});

/** What the manifest of an adapter that was trained here says of its making. */
export const adapterTraining = z.strictObject({
  /** The study whose entry it is, and the entry. */
  study: z.string(),
  entry: trainingEntry.shape.id,
  seed: z.int(),
  /** Of everything that determines what is learnt. */
  fingerprint: sha256Field,
  /** Which recipe trained it, see `RECIPE_VERSION`. */
  recipe: z.int().default(1),
  method: trainingEntry.shape.method,
  targets: trainingEntry.shape.targets,
  warmup: z.number(),
  hyper: z.strictObject({
    rank: z.int(),
    alpha: z.number(),
    dropout: z.number(),
    epochs: z.int(),
    learningRate: z.number(),
    batch: z.int(),
  }),
  prompt: z.strictObject({ template: z.string(), sha256: sha256Field }),
  rows: z.array(
    z.strictObject({ build: buildField, buildSha256: sha256Field, rows: z.int(), idsSha256: sha256Field }),
  ),
  /** Of the model's file that it was made for, and what the training began from. */
  modelSha256: sha256Field,
  base: z.strictObject({ from: z.enum(['hub', 'gguf']), name: z.string() }),
  device: z.string(),
  versions: z.record(z.string(), z.string()),
  seconds: z.number(),
  /** Of all rows, their answers included, once. */
  tokens: z.int(),
  /** The mean loss of an update in each epoch, in nats a token of the answer; null where one was no finite number. */
  losses: z.array(z.number().nullable()),
  parity: z.strictObject({
    plain: agreement,
    quantised: agreement,
    quantisedBase: agreement,
    effect: agreement,
    loss: z.strictObject({ base: z.number(), trained: z.number(), released: z.number() }),
  }),
  /** Of the files beside the manifest. */
  files: z.record(z.string(), sha256Field),
});

/** How an adapter was made. */
export type AdapterTraining = z.output<typeof adapterTraining>;
