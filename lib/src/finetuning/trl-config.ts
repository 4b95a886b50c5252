import { stringify } from 'yaml';
import type { HyperParameters, TrainingEntry } from '../models/training-entry.js';
import { UserError } from '../project/error.js';

/** What of an entry decides how weights are changed. */
export type Method = Pick<TrainingEntry, 'method' | 'targets' | 'warmup' | 'maxLength'>;

/** Where a training reads and writes, and on what. */
export interface TrainingPlace {
  /** A folder in Hugging Face's layout, or a name on the hub. */
  readonly base: string;
  /** A folder with `train.jsonl` and, for a trial of a grid, `validation.jsonl`. */
  readonly rows: string;
  readonly validated: boolean;
  /** A folder for checkpoints and what comes of the training. */
  readonly output: string;
  /** The checkpoint to go on from. */
  readonly resume: string | undefined;
  readonly device: TrainingDevice;
}

/** What a training runs on. */
export interface TrainingDevice {
  readonly gpu: boolean;
  /** Processes that share out a batch, as accelerate will start them. */
  readonly processes: number;
}

/** How a number of rows is gone through. */
export interface Schedule {
  /** Examples a process takes at a time. */
  readonly perDevice: number;
  /** Times it does so an update. */
  readonly accumulation: number;
  readonly stepsPerEpoch: number;
  /** A checkpoint is written after so many updates, and at the end of every epoch. */
  readonly saveSteps: number;
  readonly steps: number;
}

/** More at a time keep a GPU busy; a processor then waits for memory (16 take a third more time than 4, two cores). */
const MOST_PER_DEVICE = { gpu: 16, processor: 4 } as const;
/** A checkpoint at least so often; with less, writing it would take a good part of the time. */
const MOST_STEPS_UNSAVED = 25;

/**
 * The updates of a training.
 *
 * @throws UserError where the batch cannot be shared out exactly: the learning rate would not be the entry's.
 */
export function schedule(
  rows: number,
  { batch, epochs }: Pick<HyperParameters, 'batch' | 'epochs'>,
  { gpu, processes }: TrainingDevice,
): Schedule {
  if (batch % processes !== 0) {
    throw new UserError(`a batch of ${batch} rows cannot be shared out among ${processes} processes`, {
      hint: 'Give a batch that they divide, or have fewer processes started (accelerate config).',
    });
  }
  const each = batch / processes;
  const most = gpu ? MOST_PER_DEVICE.gpu : MOST_PER_DEVICE.processor;
  const perDevice = divisors(each).findLast((count) => count <= most) ?? 1;
  const stepsPerEpoch = Math.ceil(rows / batch);
  const saveSteps = divisors(stepsPerEpoch).findLast((steps) => steps <= MOST_STEPS_UNSAVED) ?? 1;
  return {
    perDevice,
    accumulation: each / perDevice,
    stepsPerEpoch,
    saveSteps: saveSteps < MOST_STEPS_UNSAVED / 5 ? stepsPerEpoch : saveSteps,
    steps: stepsPerEpoch * epochs,
  };
}

const divisors = (number: number): readonly number[] =>
  Array.from({ length: number }, (_, index) => index + 1).filter((divisor) => number % divisor === 0);

/** The floats that weights are kept in while others, or they themselves, are trained. */
type Precision = 'float32' | 'bfloat16';

/** Weights that are trained themselves need the digits; on a processor without matrix units bfloat16 is the slower. */
export function precisionOf(method: Method['method'], { gpu }: Pick<TrainingDevice, 'gpu'>): Precision {
  return method === 'full' || !gpu ? 'float32' : 'bfloat16';
}

/** How QLoRA quantises the weights that it leaves alone (Dettmers et al. 2023): arguments of transformers' BitsAndBytesConfig. */
export const NORMAL_FLOAT = {
  load_in_4bit: true,
  bnb_4bit_quant_type: 'nf4',
  bnb_4bit_use_double_quant: true,
} as const;

/**
 * The file that `sft.py --config` reads, as `trl sft` would: SFTConfig and ModelConfig of TRL, TrainingArguments of transformers.
 *
 * Loss on the answer alone; rows of about one length together within an update in place of packing, which mixes rows
 * where there is no FlashAttention. The optimiser is AdamW with betas 0.9 and 0.999, no weight decay, gradients clipped at norm 1, and
 * a learning rate that falls along a cosine (QLoRA: Dettmers et al. 2023; LoRA: Hu et al. 2022).
 */
export function trlConfig(
  { method, targets, warmup, maxLength }: Method,
  hyper: HyperParameters,
  seed: number,
  { perDevice, accumulation, stepsPerEpoch, saveSteps }: Schedule,
  { base, rows, validated, output, resume, device }: TrainingPlace,
): Readonly<Record<string, unknown>> {
  return {
    model_name_or_path: base,
    dtype: precisionOf(method, device),
    dataset_name: rows,
    dataset_train_split: 'train',
    completion_only_loss: true,
    // The vocabulary's probabilities are computed at the answer's tokens alone: on a processor half of the time.
    loss_type: 'chunked_nll',
    max_length: maxLength,
    packing: false,
    // An update's rows are drawn at random, then shared out so that those of one length are together. Grouped by length
    // beforehand, updates would hold one label each where a label's evidence is empty.
    train_sampling_strategy: 'batch_rebalance',
    num_train_epochs: hyper.epochs,
    per_device_train_batch_size: perDevice,
    gradient_accumulation_steps: accumulation,
    learning_rate: hyper.learningRate,
    lr_scheduler_type: 'cosine',
    warmup_steps: warmup,
    weight_decay: 0,
    max_grad_norm: 1,
    seed,
    data_seed: seed,
    bf16: device.gpu,
    use_cpu: !device.gpu,
    dataloader_pin_memory: device.gpu,
    // It saves a GPU's memory for a third more of computing; in a processor's memory there is room.
    gradient_checkpointing: device.gpu,
    ...(validated && {
      dataset_test_split: 'validation',
      // Not by epoch: the checkpoint at the end of an epoch would be written before its rows are looked at.
      eval_strategy: 'steps',
      eval_steps: stepsPerEpoch,
      per_device_eval_batch_size: perDevice,
    }),
    output_dir: output,
    save_strategy: 'steps',
    save_steps: saveSteps,
    logging_steps: 1,
    logging_first_step: true,
    // Else a loss that is no number is logged as 0.
    logging_nan_inf_filter: false,
    disable_tqdm: true,
    report_to: 'none',
    ...(resume !== undefined && { resume_from_checkpoint: resume }),
    ...(method !== 'full' && {
      use_peft: true,
      lora_r: hyper.rank,
      lora_alpha: hyper.alpha,
      lora_dropout: hyper.dropout,
      lora_target_modules: targets === 'all-linear' ? [targets] : targets,
    }),
    ...(method === 'qlora' && {
      load_in_4bit: NORMAL_FLOAT.load_in_4bit,
      bnb_4bit_quant_type: NORMAL_FLOAT.bnb_4bit_quant_type,
      use_bnb_nested_quant: NORMAL_FLOAT.bnb_4bit_use_double_quant,
    }),
  };
}

/** As text. */
export function trlYaml(config: Readonly<Record<string, unknown>>): string {
  return stringify(config);
}
