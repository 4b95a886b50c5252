import { z } from 'zod';
import { type BuildName, isBuildName } from '../datasets/build-name.js';
import { fileName } from './catalogue.js';

/**
 * Which recipe trains adapters: what `finetuning/trainer-config.ts` and `lib/python/trainer` fix, the drawing and order of
 * rows, which of them a grid is chosen on, and a row's tokens. Whoever changes one of these so that something else is
 * learnt raises it, and nothing made before is taken for the same. The first was TRL's.
 */
export const RECIPE_VERSION = 2;

/** The name of a build; that there is such a build, whoever knows the data sets sees. */
export const buildField = z.custom<BuildName>(isBuildName, 'must be DATASET/BUILD/SPLIT');

/** A list that holds nothing twice. */
export const distinct = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .min(1)
    .superRefine((items, context) => {
      const twice = [...new Set(items.filter((one, at) => items.indexOf(one) < at))];
      if (twice.length > 0)
        context.addIssue({ code: 'custom', message: `holds ${twice.join(' and ')} twice` });
    });

/** One value, or several to choose from. */
const choice = <Item extends z.ZodType>(item: Item) =>
  z.union([item.transform((only) => [only]), distinct(item)]);

/** What every entry of `training` says, whatever its method. */
export const entryFields = {
  /** Names what is made from it: `ID-seed1`, ... */
  id: fileName,
  title: z.string().regex(/\S/, 'is empty'),
  /** An id of `data/models.yaml`. */
  model: z.string().min(1),
  /** The builds it learns from. */
  train: distinct(buildField),
  /** Rows drawn from each build. */
  size: z.int().positive().max(10_000_000),
  seeds: distinct(z.int().nonnegative()),
};

/** A part of a whole, which is left something. */
export const share = z.number().min(0).lt(1);
/** A step of one or more leaves where it began. */
export const learningRate = z.number().positive().lt(1);

/**
 * How a language model is tuned. `qlora`: LoRA on weights in 4-bit NormalFloat, quantised twice; `lora`: on weights as they
 * are; `full`: all weights. The others learn vectors alone, which stand before every prompt: `prompt-tuning` embeddings (Lester
 * et al. 2021), `p-tuning` embeddings that a small network gives (Liu et al. 2021), `prefix-tuning` keys and values of every
 * layer (Li and Liang 2021).
 */
export const TUNINGS = ['qlora', 'lora', 'full', 'p-tuning', 'prompt-tuning', 'prefix-tuning'] as const;

/** Whether a method learns a soft prompt. */
export const isSoft = (method: (typeof TUNINGS)[number]): boolean =>
  method !== 'qlora' && method !== 'lora' && method !== 'full';

/**
 * An entry of a study's `training`: a model, the rows it learns from, and how. A hyper-parameter may be a list; of all
 * combinations the best on held-out training rows is then taken, never on a test.
 */
export const trainingEntry = z.strictObject({
  ...entryFields,
  method: z.enum(TUNINGS),
  /** Of soft prompts: so many vectors stand before the prompt, or in every layer before its keys and values. */
  virtualTokens: z.int().positive().max(1000).default(20),
  rank: choice(z.int().min(1).max(256)).default([8]),
  alpha: choice(z.number().positive().max(10_000)).default([16]),
  dropout: choice(share).default([0]),
  /** The layers that are adapted: `all-linear`, or names of modules. */
  targets: z.union([z.literal('all-linear'), distinct(z.string().min(1))]).default('all-linear'),
  epochs: choice(z.int().positive().max(1000)).default([3]),
  learningRate: choice(learningRate).default([0.0002]),
  /** Examples an update, on all devices together. */
  batch: choice(z.int().positive().max(100_000)).default([16]),
  /** The part of the updates in which the learning rate rises. */
  warmup: share.default(0.1),
  /** Tokens of a prompt and its answer; a longer row is refused, none is cut. */
  maxLength: z.int().positive().max(1_000_000).default(1024),
  /** Of a grid, or with `patience`: the part of the training rows that is held out. */
  validation: z.number().gt(0).lt(1).default(0.1),
  /**
   * What scores it: `gguf`, llama.cpp on the model's file, or `transformers`, on the weights that it was trained on. Default:
   * llama.cpp an adapter of low rank for a task of one label a row, transformers all else.
   */
  provider: z.enum(['gguf', 'transformers']).optional(),
  /** The prompt that it is trained and asked under; default: that of its data set. */
  prompt: z.string().min(1).optional(),
  /** Where the loss is: at every token of the answer, over the vocabulary, or at the first, among the label words. */
  loss: z.enum(['vocabulary', 'labels']).default('vocabulary'),
  /** Whether each update holds as many rows of each answer. */
  balanced: z.boolean().default(false),
  /** Whether it begins as if it foresaw each label as often as it comes; taken back along the first epoch. */
  corrected: z.boolean().default(false),
  /** After so many epochs without a smaller held-out loss it ends, and the best epoch is kept; 0: it never ends early. */
  patience: z.int().nonnegative().default(0),
  /** The recipe that trained, or is to train it (`RECIPE_VERSION`): one of an earlier is kept, and not made again. */
  recipe: z.int().min(1).max(RECIPE_VERSION).default(RECIPE_VERSION),
});

/** What a study file says of a training. */
export type TrainingEntry = z.output<typeof trainingEntry>;

/** Values for all hyper-parameters that may be lists. */
export interface HyperParameters {
  readonly rank: number;
  readonly alpha: number;
  readonly dropout: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly batch: number;
}

/** What an entry says of its loss and its end, as far as it matters; an entry of the first recipe says nothing. */
export function optionsOf(entry: TrainingEntry) {
  const { recipe, loss, balanced, corrected, patience, validation, method, virtualTokens, provider } = entry;
  if (recipe === 1) return undefined;
  return {
    ...{ loss, balanced, corrected },
    ...(patience > 0 && { patience, heldOut: validation }),
    ...(isSoft(method) && { virtualTokens }),
    ...(provider !== undefined && { provider }),
  };
}

/**
 * Every combination that an entry names, in its order; one if it names no list.
 *
 * @example
 * const { training = [] } = openStudy('small').plan;
 * const [entry] = training.flatMap((each) => (each.method === 'encoder' ? [] : [each]));
 * gridOf({ ...entry, rank: [4, 8], learningRate: [0.0001, 0.0005] }).map(({ rank }) => rank); // -> [4, 4, 8, 8]
 */
export function gridOf(entry: TrainingEntry): readonly HyperParameters[] {
  return entry.rank.flatMap((rank) =>
    entry.alpha.flatMap((alpha) =>
      entry.dropout.flatMap((dropout) =>
        entry.epochs.flatMap((epochs) =>
          entry.learningRate.flatMap((learningRate) =>
            entry.batch.map((batch) => ({ rank, alpha, dropout, epochs, learningRate, batch })),
          ),
        ),
      ),
    ),
  );
}

/** Whether an entry's training begins from the file that is scored, dequantised: else from the hub's weights, if they can be had. */
export const beginsFromFile = ({ method, provider }: Pick<TrainingEntry, 'method' | 'provider'>): boolean =>
  method === 'lora' || isSoft(method) || (method === 'qlora' && provider === 'transformers');

/** What scores what an entry gives: a soft prompt and whole weights have no adapter's form in GGUF, and written answers are not compared there. */
export function scoredBy(
  { provider, method }: Pick<TrainingEntry, 'provider' | 'method'>,
  shape: string,
): 'gguf' | 'transformers' {
  const converted = (method === 'lora' || method === 'qlora') && shape === 'one-of';
  return provider ?? (converted ? 'gguf' : 'transformers');
}

/** The id of the adapter that an entry gives with a seed. */
export function adapterId(entry: Pick<TrainingEntry, 'id'>, seed: number): string {
  return `${entry.id}-seed${seed}`;
}

/**
 * Entries with their seeds: first every entry with its first seed, then with its second, and so on, so that an early end
 * leaves something of every entry.
 */
export function seedBySeed<Entry extends { readonly seeds: readonly number[] }>(
  entries: readonly Entry[],
): readonly { readonly entry: Entry; readonly seed: number }[] {
  const rounds = Math.max(0, ...entries.map(({ seeds }) => seeds.length));
  return Array.from({ length: rounds }, (_, round) =>
    entries.flatMap((entry) =>
      entry.seeds[round] === undefined ? [] : [{ entry, seed: entry.seeds[round] }],
    ),
  ).flat();
}
