import { BYTES, type Estimate, estimate, PROGRAM_BYTES, REACHED } from '../../finetuning/estimate.js';
import { schedule } from '../../finetuning/trainer-config.js';
import { gridOf, type TrainingEntry } from '../../models/training-entry.js';

/**
 * What the steps of a study take on one GPU, roughly: to a factor of two or three. Everything here is pure; what it
 * rests on is in `ESTIMATE_SOURCES`, which `small-claims plan` prints.
 */

/** The GPU that hours are estimated for: NVIDIA H100 SXM, dense operations a second. */
export const H100 = { title: 'H100 SXM 80 GB', bfloat16: 989e12, float32: 67e12 } as const;

/** The same of two cores of a server's processor: what trainings reach, and all else. */
const TWO_CORES = { training: 0.4e12, else: 0.1e12 } as const;

/** The part of the GPU's 32-bit speed that an encoder on short rows reaches. */
const ENCODER_REACHED = 0.3;

/** Operations a second of llama.cpp on prompts of some hundred tokens, one after the other. */
const SCORING = 25e12;

/** A program that trains an encoder or scores, besides weights and activations. */
const OTHER_BYTES = 2e9;

/** Bytes of disk for a parameter of an encoder, and of the optimiser's moments and gradients in its checkpoint. */
const ENCODER_DISK = { weights: 4, goingOn: 12 } as const;

const tera = (operations: number) => operations / 1e12;
const giga = (bytes: number) => bytes / 1e9;

export const ESTIMATE_SOURCES: readonly string[] = [
  `Adapters: what small-claims train itself expects of an H100 with ${tera(H100.bfloat16)} teraflops dense in bfloat16 (NVIDIA’s data sheet): operations = tokens x parameters x 6, or 8 where all weights learn (Kaplan et al. 2020, section 2.1), ${REACHED.gpu.qlora} of the speed reached with 4-bit weights and ${REACHED.gpu.lora} with plain ones. Trials of a grid are counted once, on the rows that they are not judged on. Two cores: as if of ${tera(TWO_CORES.training)} teraflops, which gives 6 minutes an epoch of 1,008 rows with LoRA on SmolLM2-135M; on one core of two it was measured to take 12 to 13.`,
  `Encoders: tokens x parameters x 6 at ${ENCODER_REACHED} of the H100’s ${tera(H100.float32)} teraflops in float32, and at ${tera(TWO_CORES.else)} teraflops on two cores.`,
  `Scoring: ${tera(SCORING)} teraflops, a quarter of what llama.cpp was measured to reach with a 7B in Q4_0 on prompts of 512 tokens (7,980 tokens/s on an RTX 4090, llama.cpp’s pull request 4766), since ours are shorter. Prompts that share evidence or shots are counted whole, so it is an upper bound.`,
  `Two cores: ${tera(TWO_CORES.else)} teraflops, about what scoring reaches in the records of the small study (some 460 tokens/s with SmolLM2-135M).`,
  'Nothing is counted for starting programs, loading weights, downloads and exports.',
  'Tokens of a row: a straight line through words and prompt tokens of the committed runs of the small study.',
  `Memory: weights (QLoRA ${BYTES.qlora} byte a parameter with its quantisation constants, LoRA ${BYTES.lora}, all weights ${BYTES.full} with gradients and AdamW’s moments), activations of a batch, ${giga(PROGRAM_BYTES)} GB of program; of encoders and scoring ${giga(OTHER_BYTES)} GB; to export an adapter, its model’s weights as 32-bit floats in the machine’s own memory.`,
  `Disk: bits a weight of each quantisation (llama.cpp’s table of quantisations); ${ENCODER_DISK.weights} bytes a parameter of an encoder and of its checkpoints with the optimiser’s moments ${ENCODER_DISK.goingOn} more.`,
  'Dollars: data/prices.yaml. A request is counted with all of its prompt uncached and the longest answer allowed.',
];

/** Bits a weight of quantisations, scales and unquantised tensors included. */
const BITS: Readonly<Record<string, number>> = {
  Q4: 4.8,
  Q4_0: 4.7,
  Q4_1: 5.2,
  Q4_K_M: 4.9,
  Q8_0: 8.5,
  F16: 16,
  BF16: 16,
  F32: 32,
};

/** Bytes of a file of weights; of a quantisation that is not known, as if of 8 bits. */
export function weightBytes(parameters: number, quantisation: string): number {
  return (parameters * (BITS[quantisation] ?? 8)) / 8;
}

/** What a step takes. */
export interface Cost {
  readonly gpuHours: number;
  /** The same on two processor cores. */
  readonly cpuHours: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

/** An adapter, as `estimate` has it: of the trials of its grid, then of all its seeds, one after the other. */
export function adapterCost(
  entry: TrainingEntry,
  parameters: string,
  rows: readonly { readonly count: number; readonly tokens: number }[],
): Cost {
  // The longest row of a build takes about twice the mean of its tokens.
  const lengths = rows.flatMap(({ count, tokens }) => [
    ...Array.from({ length: count - 1 }, () => tokens),
    tokens * 2,
  ]);
  const on = (gpu: boolean, flops: number) => {
    const machine = { gpu, flops };
    const trials = gridOf(entry).map((hyper) =>
      estimate({
        model: { parameters },
        entry,
        hyper,
        machine,
        plan: schedule(lengths.length, hyper, machine),
        lengths,
      }),
    );
    const most = (of: (one: Estimate) => number) => Math.max(...trials.map(of));
    // The trials learn from the rows that they are not judged on, once for all seeds.
    const tried = trials.length > 1 ? trials.reduce((sum, { seconds }) => sum + seconds, 0) : 0;
    const all = (1 - entry.validation) * tried + most(({ seconds }) => seconds) * entry.seeds.length;
    const hours = all / 3600;
    return { hours, memory: most((one) => one.memoryBytes), disk: most((one) => one.diskBytes) };
  };
  const [gpu, cpu] = [on(true, H100.bfloat16), on(false, TWO_CORES.training)];
  return {
    gpuHours: gpu.hours,
    cpuHours: cpu.hours,
    memoryBytes: gpu.memory,
    diskBytes: gpu.disk * entry.seeds.length,
  };
}

/**
 * An encoder, of all its seeds, one after the other.
 *
 * @param tokens of all rows, over all epochs; @param batchTokens of the rows of an update.
 */
export function encoderCost(training: {
  readonly parameters: number;
  readonly tokens: number;
  readonly batchTokens: number;
  readonly seeds: number;
}): Cost {
  const { parameters, tokens, batchTokens, seeds } = training;
  return {
    ...hours(6 * parameters * tokens * seeds, H100.float32 * ENCODER_REACHED),
    // Weights, gradients and the optimiser's two moments; of activations a token keeps some bytes a thousand parameters.
    memoryBytes: parameters * BYTES.full + batchTokens * parameters * 0.005 + OTHER_BYTES,
    // The weights stay, and of the moments those of one at a time.
    diskBytes: parameters * (ENCODER_DISK.weights * seeds + ENCODER_DISK.goingOn),
  };
}

/** Scoring of prompts with a model in process. */
export function scoringCost(parameters: number, quantisation: string, tokens: number): Cost {
  return {
    ...hours(2 * parameters * tokens, SCORING),
    memoryBytes: weightBytes(parameters, quantisation) + OTHER_BYTES,
    diskBytes: 0,
  };
}

const hours = (operations: number, speed: number) => ({
  gpuHours: operations / speed / 3600,
  cpuHours: operations / TWO_CORES.else / 3600,
});

/** A straight line, y = base + slope x, by least squares. */
export interface Line {
  readonly base: number;
  readonly slope: number;
}

/** The line through points; through their mean alone where all have one x. Points may not be none. */
export function lineThrough(points: readonly (readonly [x: number, y: number])[]): Line {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([each]) => each), mean(([, each]) => each)];
  const spread = mean(([each]) => (each - x) ** 2);
  const slope = spread === 0 ? 0 : mean(([a, b]) => (a - x) * (b - y)) / spread;
  return { base: y - slope * x, slope };
}
