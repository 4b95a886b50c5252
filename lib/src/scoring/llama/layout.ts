/**
 * How tokens are handed to llama.cpp. Results depend on it in the last digits, so it is part of a run's header.
 * Canonical: one sequence; the parts before the evidence, the evidence, and the claim with the question are each
 * evaluated as chunks of their own, of at most `batch` tokens. An example's result is then the same to the bit
 * whatever was scored before it, and shared parts are evaluated once.
 */
export const LAYOUT = { name: 'canonical', version: 1, batch: 512 } as const;
