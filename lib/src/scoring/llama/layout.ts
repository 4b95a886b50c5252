/** How tokens are handed to llama.cpp. Results depend on it in the last digits, so it is part of a run's header. */
export type Layout = typeof CANONICAL | BatchedLayout;

/**
 * One sequence; the parts before the evidence, the evidence, and the claim with the question are each evaluated as
 * chunks of their own, of at most `batch` tokens. On one CPU, build and device an example's result is then the same to
 * the bit whatever was scored before it, and shared parts are evaluated once.
 */
export const CANONICAL = { name: 'canonical', version: 1, batch: 512 } as const;

/**
 * Several sequences, each with prompts of its own, evaluated together in batches of up to `batch` tokens, to keep a GPU
 * busy. What else is in a batch may move an example's result in the last digits, so an interrupted run may end with
 * other digits than an undisturbed one. It has not been measured on a GPU; on a CPU it brings no speed.
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
