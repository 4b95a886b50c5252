/**
 * What the steps of a study take on one GPU, roughly: to a factor of two or three. Everything here is pure; what it
 * rests on is in `ESTIMATE_SOURCES`, which `small-claims plan` prints.
 */

/** The GPU that hours are estimated for: NVIDIA H100 SXM, dense operations a second. */
export const H100 = { title: 'H100 SXM 80 GB', bfloat16: 989e12, float32: 67e12 } as const;

/** The part of these that is reached. */
const REACHED = { qlora: 0.25, lora: 0.4, full: 0.4, encoder: 0.3 } as const;

/** Operations a second of llama.cpp on prompts of some hundred tokens, one after the other. */
const SCORING = 25e12;

/** The same on two cores of a server's processor, for all that is computed there. */
const TWO_CORES = 0.1e12;

export const ESTIMATE_SOURCES: readonly string[] = [
  'Training: operations = tokens x parameters x (2 forwards + 2 backwards + 2 computed again to save memory, 2 more for gradients of all weights) (Kaplan et al. 2020, section 2.1; Dettmers et al. 2023 for QLoRA).',
  'H100: 989 teraflops dense in bfloat16, 67 in float32 (NVIDIA’s data sheet); assumed to reach a quarter of it with 4-bit weights, 0.4 with plain ones, 0.3 with an encoder.',
  'Scoring: 25 teraflops, a quarter of what llama.cpp was measured to reach with a 7B in Q4_0 on prompts of 512 tokens (7,980 tokens/s on an RTX 4090, llama.cpp’s pull request 4766), since ours are shorter. Prompts that share evidence or shots are counted whole, so it is an upper bound.',
  'Two cores: 0.1 teraflops, about what scoring reaches in the records of the small study (some 460 tokens/s with SmolLM2-135M).',
  'Nothing is counted for starting programs, loading weights, downloads and exports.',
  'Tokens of a row: a straight line through words and prompt tokens of the committed runs of the small study.',
  'Memory: weights (QLoRA 1 byte a parameter with its quantisation constants, LoRA 2, all weights 16 with gradients and AdamW’s moments), activations of a batch, 2 GB of program.',
  'Disk: bits a weight of each quantisation (llama.cpp’s table of quantisations); 4 bytes a parameter of an encoder and of its checkpoints with the optimiser’s moments 12 more.',
  'Dollars: data/prices.yaml. A request is counted with all of its prompt uncached and the longest answer allowed.',
];

/** The number that `135M`, `0.5B` or `3.8B` stands for; undefined where it is not so written. */
export function countOf(parameters: string): number | undefined {
  const [, number, unit] = /^([\d.]+)([MB])$/.exec(parameters) ?? [];
  return number === undefined ? undefined : Number(number) * (unit === 'M' ? 1e6 : 1e9);
}

/** Bits a weight of quantisations, scales and unquantised tensors included. */
const BITS: Readonly<Record<string, number>> = {
  Q4: 4.8,
  Q4_0: 4.7,
  Q4_1: 5.2,
  Q4_K_M: 4.9,
  Q8_0: 8.5,
  F16: 16,
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

/**
 * A training.
 *
 * @param tokens of all rows, over all epochs; @param batchTokens of the rows of an update that are computed together.
 */
export function trainingCost(training: {
  readonly method: keyof typeof REACHED;
  readonly parameters: number;
  readonly tokens: number;
  readonly batchTokens: number;
}): Cost {
  const { method, parameters, tokens, batchTokens } = training;
  const all = method === 'full' || method === 'encoder';
  // An encoder is small enough for nothing to be computed again.
  const operations = parameters * tokens * (method === 'encoder' || !all ? 6 : 8);
  const speed = (method === 'encoder' ? H100.float32 : H100.bfloat16) * REACHED[method];
  const bytes = { qlora: 1, lora: 2, full: 16, encoder: 16 }[method];
  return {
    ...hours(operations, speed),
    // Of activations a token keeps about half a thousandth of a byte a parameter where they are computed again.
    memoryBytes: parameters * bytes + batchTokens * parameters * (all ? 0.005 : 0.0005) + 2e9,
    // Checkpoints with the optimiser's moments; of adapters, at rank 8 about so many weights as this.
    diskBytes: all ? parameters * 16 : Math.sqrt(parameters) * 8 * 120 * 4,
  };
}

/** Scoring of prompts with a model in process. */
export function scoringCost(parameters: number, quantisation: string, tokens: number): Cost {
  return {
    ...hours(2 * parameters * tokens, SCORING),
    memoryBytes: weightBytes(parameters, quantisation) + 2e9,
    diskBytes: 0,
  };
}

const hours = (operations: number, speed: number) => ({
  gpuHours: operations / speed / 3600,
  cpuHours: operations / TWO_CORES / 3600,
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
