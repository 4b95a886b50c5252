import { z } from 'zod';
import { entryFields, learningRate } from './training-entry.js';

/** An entry of a study's `training` of the method `encoder`: a classifier of (claim, evidence) pairs. */
export const encoderEntry = z.strictObject({
  ...entryFields,
  /** All weights are trained, and a linear layer on the first token's pooled state. */
  method: z.literal('encoder'),
  epochs: z.int().positive().max(1000).default(5),
  learningRate: learningRate.default(0.00005),
  batch: z.int().positive().max(100_000).default(16),
  /** The part of the updates in which the learning rate rises. */
  warmup: z.number().min(0).lt(1).default(0.1),
  /** Tokens of claim and evidence together; longer evidence is cut. */
  maxLength: z.int().min(8).max(512).default(512),
});

/** What a study file says of the training of an encoder. */
export type EncoderEntry = z.output<typeof encoderEntry>;
