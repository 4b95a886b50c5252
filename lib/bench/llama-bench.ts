import { execa } from 'execa';
import { z } from 'zod';
import type { Measure } from './benchmark.js';
import { total, type Workload } from './workload.js';

/** As many tokens at a time as the engine hands to llama.cpp. */
const BATCH = 512;
const GROUPS = 4;

const output = z.array(z.object({ n_prompt: z.int(), avg_ts: z.number() }));

/** What llama-bench evaluates with. */
export interface Weights {
  /** A GGUF file. */
  readonly model: string;
  /** What keys and values are kept in. */
  readonly cache: 'F16' | 'F32';
  readonly threads: number;
}

/**
 * How long llama.cpp itself takes for a workload's tokens, each shared part once: llama-bench's prompt rate at the
 * lengths the parts have, after as many tokens as stand before them: evidence after what precedes it, a question after
 * evidence of mean length too.
 */
export async function llamaBench(
  program: string,
  { model, cache, threads }: Weights,
  { examples, parts: { before, evidences, questions } }: Workload,
): Promise<Measure> {
  const weights = { model, cache, threads };
  const rates = (depth: number, lengths: readonly number[]) => promptRates(program, weights, depth, lengths);
  const first = (await rates(0, [Math.min(BATCH, before)])).get(Math.min(BATCH, before));
  let seconds = before / (first ?? Number.NaN);
  for (const [depth, lengths] of [
    [before, evidences],
    [before + Math.round(total(evidences) / evidences.length), questions],
  ] as const) {
    const groups = byLength(lengths);
    const known = await rates(depth, [...new Set(groups.map(({ length }) => length))]);
    for (const { tokens, length } of groups) seconds += tokens / (known.get(length) ?? Number.NaN);
  }
  return { units: examples.length, seconds };
}

/** Prompt rates change smoothly with length: the mean length of each of some groups stands for its parts. */
function byLength(
  lengths: readonly number[],
): readonly { readonly tokens: number; readonly length: number }[] {
  const sorted = [...lengths].sort((a, b) => a - b);
  return Array.from({ length: GROUPS }, (_, index) => {
    const part = sorted.slice(
      Math.floor((index * sorted.length) / GROUPS),
      Math.floor(((index + 1) * sorted.length) / GROUPS),
    );
    const tokens = total(part);
    return { tokens, length: Math.max(1, Math.min(BATCH, Math.round(tokens / Math.max(1, part.length)))) };
  });
}

/** Tokens a second by length of prompt. */
async function promptRates(
  program: string,
  { model, cache, threads }: Weights,
  depth: number,
  lengths: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const { stdout } = await execa(program, [
    ...['--model', model, '--n-prompt', lengths.join(','), '--n-gen', '0', '--n-depth', String(depth)],
    ...['--threads', String(threads), '--batch-size', String(BATCH), '--flash-attn', '0'],
    ...['--cache-type-k', cache.toLowerCase(), '--cache-type-v', cache.toLowerCase()],
    ...['--n-gpu-layers', '0', '--repetitions', '3', '--output', 'json'],
  ]);
  return new Map(output.parse(JSON.parse(stdout)).map(({ n_prompt, avg_ts }) => [n_prompt, avg_ts]));
}
