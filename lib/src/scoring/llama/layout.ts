/** How tokens are handed to llama.cpp. Results depend on it in the last digits, so it is part of a run's header. */
export type Layout = typeof CANONICAL | BatchedLayout;

/**
 * One sequence; the parts before the evidence, the evidence, and the claim with the question are each evaluated as
 * chunks of their own, of at most `batch` tokens. On one CPU, build and device an example's result is then the same to
 * the bit whatever was scored before it, and shared parts are evaluated once. With other kernels it is not (on an
 * older processor, a GPU, another build), nor with flash attention: SmolLM2's log-probabilities moved by up to 0.5 nats
 * with AVX2 instead of AVX-512, and by 0.7 with flash attention (lib/bench/README.md, `layouts`).
 *
 * What stands before the evidence is evaluated once a run and kept on no disk: with eight shots, it is 809 of the 35,600
 * tokens that are evaluated for SciFact dev, two in a hundred (`make bench BENCH=throughput`).
 */
export const CANONICAL = { name: 'canonical', version: 1, batch: 512 } as const;

/**
 * Several sequences, each with prompts of its own, evaluated together in batches of up to `batch` tokens, to keep a GPU
 * busy. What else is in a batch may move an example's result, so an interrupted run may end with other digits than an
 * undisturbed one: on a CPU, few rows moved, by up to 0.3 nats (`make bench BENCH=layouts`). It has not been measured on
 * a GPU; on a CPU it brings no speed.
 */
export interface BatchedLayout {
  readonly name: 'batched';
  readonly version: 1;
  readonly batch: number;
  readonly sequences: number;
}

/** A batched layout with this many sequences. */
export const batched = (sequences: number): BatchedLayout => ({
  name: 'batched',
  version: 1,
  batch: 2048,
  sequences,
});
