import { execa } from 'execa';
import { z } from 'zod';
import type { Measure } from './benchmark.js';
import type { Workload } from './workload.js';

/** As many tokens at a time as the engine hands to llama.cpp. */
const BATCH = 512;
const GROUPS = 4;

const output = z.array(z.object({ n_prompt: z.int(), avg_ts: z.number() }));

/**
 * How long llama.cpp itself takes for a workload's tokens, each shared part once: llama-bench's prompt rate at the
 * lengths the parts have, after as many tokens as stand before them.
 */
export async function llamaBench(
  program: string,
  model: string,
  threads: number,
  work: Workload,
): Promise<Measure> {
  const { before, rest } = work.parts;
  // Prompt rates change smoothly with length: the mean of each of some groups stands for it.
  const lengths = [...rest].sort((a, b) => a - b);
  const groups = Array.from({ length: GROUPS }, (_, index) => {
    const from = Math.floor((index * lengths.length) / GROUPS);
    const tokens = lengths.slice(from, Math.floor(((index + 1) * lengths.length) / GROUPS));
    const total = tokens.reduce((sum, count) => sum + count, 0);
    return { total, length: Math.max(1, Math.min(BATCH, Math.round(total / Math.max(1, tokens.length)))) };
  });
  const rates = await promptRates(program, model, threads, before, [
    ...new Set(groups.map(({ length }) => length)),
  ]);
  const [first] = (await promptRates(program, model, threads, 0, [Math.min(BATCH, before)])).values();
  if (first === undefined) throw new Error('llama-bench gave no rate');
  const seconds = groups.reduce(
    (sum, { total, length }) => sum + total / (rates.get(length) ?? Number.NaN),
    0,
  );
  return { units: work.examples.length, seconds: seconds + before / first };
}

/** Tokens a second by length of prompt. */
async function promptRates(
  program: string,
  model: string,
  threads: number,
  depth: number,
  lengths: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const { stdout } = await execa(program, [
    ...['--model', model, '--n-prompt', lengths.join(','), '--n-gen', '0', '--n-depth', String(depth)],
    ...['--threads', String(threads), '--batch-size', String(BATCH), '--flash-attn', '0'],
    ...['--n-gpu-layers', '0', '--repetitions', '3', '--output', 'json'],
  ]);
  return new Map(output.parse(JSON.parse(stdout)).map(({ n_prompt, avg_ts }) => [n_prompt, avg_ts]));
}
