import { z } from 'zod';
import { fileName, sha256Field } from './catalogue.js';
import { buildField, learningRate, share, trainingEntry } from './training-entry.js';

const count = z.int().nonnegative();
const measured = z.number().nonnegative();

/** Log-probabilities of two programs compared: rows, those with the same label, and differences in nats. */
const agreement = z
  .strictObject({ rows: count, sameLabel: count, largest: measured, mean: measured })
  .refine(({ rows, sameLabel }) => sameLabel <= rows, {
    path: ['sameLabel'],
    error: 'are more rows than there are',
  })
  .refine(({ largest, mean }) => mean <= largest, { path: ['mean'], error: 'is more than the largest' });

const labelParity = z.strictObject({
  plain: agreement,
  quantised: agreement.optional(),
  quantisedBase: agreement.optional(),
  effect: agreement,
  loss: z.strictObject({ base: measured, trained: measured, released: measured }),
});

/** Written answers compared: rows, those with the same text, and those in which the model writes otherwise than untrained. */
const writtenParity = z.strictObject({
  written: z.strictObject({ rows: count, same: count, changed: count }),
});

/** How a training fits its own rows, and whether it has learnt more than how often each answer comes. */
const fit = z.strictObject({
  rows: z.int().positive(),
  /** Macro-F1 of labels; of other answers the share that is written just so. A share of 1. */
  measure: z.enum(['macro-f1', 'exact']),
  score: z.number().min(0).max(1),
  /** In nats a row; `prior`: of whoever foresees each answer as often as it comes. */
  loss: measured.nullable(),
  prior: measured,
  /** Whether the score is at least 0.8. */
  fits: z.boolean(),
  /** Whether the loss is less than the prior's. */
  learns: z.boolean(),
});

/** How a training fits its own rows. */
export type Fit = z.output<typeof fit>;

/** What the manifest of an adapter that was trained here says of its making. */
export const adapterTraining = z.strictObject({
  /** The study whose entry it is, and the entry. */
  study: z.string(),
  entry: trainingEntry.shape.id,
  seed: count,
  /** Of everything that determines what is learnt. */
  fingerprint: sha256Field,
  /** Which recipe trained it, see `RECIPE_VERSION`. */
  recipe: z.int().positive().default(1),
  method: trainingEntry.shape.method,
  targets: trainingEntry.shape.targets,
  warmup: share,
  hyper: z.strictObject({
    rank: z.int().positive(),
    alpha: z.number().positive(),
    dropout: share,
    epochs: z.int().positive(),
    learningRate,
    batch: z.int().positive(),
  }),
  /** Of its loss and its end; of the first recipe nothing is known, since nothing could be chosen. */
  options: z
    .strictObject({
      loss: trainingEntry.shape.loss.removeDefault(),
      balanced: z.boolean(),
      corrected: z.boolean(),
      patience: count.optional(),
      heldOut: share.optional(),
      virtualTokens: z.int().positive().optional(),
      provider: trainingEntry.shape.provider,
    })
    .optional(),
  precision: z.enum(['float32', 'bfloat16']).optional(),
  prompt: z.strictObject({ template: z.string(), sha256: sha256Field }),
  rows: z.array(
    z.strictObject({
      build: buildField,
      buildSha256: sha256Field,
      rows: z.int().positive(),
      idsSha256: sha256Field,
    }),
  ),
  /** Of the model's file that it was made for, and what the training began from. */
  modelSha256: sha256Field,
  base: z.strictObject({ from: z.enum(['hub', 'gguf']), name: z.string() }),
  device: z.string(),
  versions: z.record(z.string(), z.string()),
  seconds: measured,
  /** Of all rows, their answers included, once. */
  tokens: count,
  /** The mean loss of an update in each epoch, in nats a token of the answer; null where one was no finite number. */
  losses: z.array(measured.nullable()),
  /** Of the rows held out, after each epoch: the mean loss in nats a row, and the share of right answers. */
  heldOut: z.array(z.strictObject({ loss: measured.nullable(), right: share.or(z.literal(1)) })).optional(),
  /** What it says of the rows it has learnt from. */
  fit: fit.optional(),
  parity: z.union([labelParity, writtenParity]),
  /** Of the files beside the manifest. */
  files: z.record(fileName, sha256Field),
});

/** How an adapter was made. */
export type AdapterTraining = z.output<typeof adapterTraining>;
