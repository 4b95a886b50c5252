import type { HyperParameters, TrainingEntry } from '../models/training-entry.js';

/** What of an entry decides how weights are changed. */
export type Method = Pick<
  TrainingEntry,
  'method' | 'targets' | 'virtualTokens' | 'warmup' | 'loss' | 'balanced' | 'corrected' | 'patience'
>;

/** Where a training reads and writes, and in which floats it computes. */
export interface TrainingPlace {
  /** A folder in Hugging Face's layout. */
  readonly weights: string;
  /** Files of rows in tokens. */
  readonly train: string;
  readonly heldOut: string | null;
  /** A folder for checkpoints and what comes of the training. */
  readonly output: string;
  readonly precision: Precision;
}

/** How a number of rows is gone through. */
export interface Schedule {
  /** Rows evaluated at a time, of those of an update. */
  readonly perDevice: number;
  readonly stepsPerEpoch: number;
  /** A checkpoint is written after so many updates, and at the end of every epoch. */
  readonly saveSteps: number;
  readonly steps: number;
}

/** More at a time read the weights less often; the activations of more a processor has to fetch from memory. */
const MOST_PER_DEVICE = { gpu: 16, processor: 8 } as const;
/** So little is lost to a kill; writing an adapter and its moments takes less than an update. */
const STEPS_UNSAVED = 20;

/** The updates of a training. */
export function schedule(
  rows: number,
  { batch, epochs }: Pick<HyperParameters, 'batch' | 'epochs'>,
  { gpu }: { readonly gpu: boolean },
): Schedule {
  const stepsPerEpoch = Math.ceil(rows / batch);
  return {
    perDevice: Math.min(batch, gpu ? MOST_PER_DEVICE.gpu : MOST_PER_DEVICE.processor),
    stepsPerEpoch,
    saveSteps: STEPS_UNSAVED,
    steps: stepsPerEpoch * epochs,
  };
}

/** The floats that matrices are multiplied in. */
type Precision = 'float32' | 'bfloat16';

/** How QLoRA quantises the weights that it leaves alone (Dettmers et al. 2023): arguments of transformers' BitsAndBytesConfig. */
export const NORMAL_FLOAT = {
  load_in_4bit: true,
  bnb_4bit_quant_type: 'nf4',
  bnb_4bit_use_double_quant: true,
} as const;

/**
 * What `lib/python/trainer` reads. Fixed there: AdamW with betas 0.9 and 0.999 and no weight decay, gradients clipped at
 * norm 1, a learning rate that rises and falls along a cosine, loss on the answer alone.
 *
 * @param labels the first token of each label's answer; none of other answers.
 */
export function trainerConfig(
  { method, targets, virtualTokens, warmup, loss, balanced, corrected, patience }: Method,
  { rank, alpha, dropout, epochs, batch, learningRate }: HyperParameters,
  seed: number,
  { perDevice, saveSteps, steps }: Schedule,
  { weights, train, heldOut, output, precision }: TrainingPlace,
  labels: readonly number[],
) {
  return {
    ...{ weights, train, heldOut, output, precision, seed },
    ...{ method, rank, alpha, dropout, targets, virtualTokens },
    quantisation: method === 'qlora' ? NORMAL_FLOAT : null,
    ...{ labels, loss, balanced, corrected, patience },
    ...{ epochs, batch, perDevice, learningRate, saveSteps },
    warmup: Math.ceil(warmup * steps),
  };
}
