import type { TestContext } from 'node:test';
import type { ApiModel } from 'small-claims/models/catalogue';
import { projectPaths } from 'small-claims/project/paths';
import type { ApiMeans } from 'small-claims/scoring/openai/asking';
import { Budget } from 'small-claims/scoring/openai/budget';
import type { Clock } from 'small-claims/scoring/openai/clock';
import type { ApiOptions } from 'small-claims/scoring/openai/options';
import type { Row } from 'small-claims/tasks/row';
import { temporaryFolder } from '../../datasets/fixture.js';
import { claimRow } from '../../tasks/claim-row.js';

/** A key that must show up nowhere. */
export const KEY = 'sk-proj-S3cret0fTheTests_0123456789';

/** A clock that a sleeper moves on instead of waiting. */
export function fastClock(): Clock & { readonly slept: () => number } {
  let now = 0;
  let slept = 0;
  return {
    now: () => now,
    async sleep(milliseconds) {
      await new Promise(setImmediate);
      now += milliseconds;
      slept += milliseconds;
    },
    slept: () => slept,
  };
}

export const gpt4o: ApiModel = {
  id: 'gpt-4o',
  title: 'GPT-4o',
  licence: 'proprietary',
  provider: 'openai',
  apiModel: 'gpt-4o-2024-08-06',
  server: 'openai',
  logprobs: true,
  topLogprobs: 20,
  answerTokens: 16,
};

/** Means to ask the endpoint at `url`, with this project's prices, that wait for nothing. */
export function meansFor(url: string, changes: Partial<ApiOptions> & { cap?: number } = {}): ApiMeans {
  const { cap = 100, ...options } = changes;
  const folder = temporaryFolder('api');
  return {
    paths: { ...projectPaths(folder), pricesFile: projectPaths().pricesFile },
    budget: new Budget(cap),
    env: { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: url },
    options: {
      concurrency: 32,
      attempts: 8,
      timeout: 60_000,
      batch: false,
      poll: 30_000,
      clock: fastClock(),
      random: () => 0.5,
      ...options,
    },
  };
}

/** So many different questions. */
export function examplesOf(count: number): readonly Row[] {
  return Array.from({ length: count }, (_, index) =>
    claimRow(`row-${index}`, {
      claim: `Cups of tea, ${index} a day, lengthen sleep.`,
      evidence: index % 3 === 0 ? '' : `Trial ${index % 50} of tea.`,
    }),
  );
}

/** What is written to stderr while `work` runs, and what it gives. */
export async function said<T>(work: () => Promise<T>): Promise<{ readonly text: string; readonly value: T }> {
  const original = process.stderr.write;
  const lines: string[] = [];
  process.stderr.write = (chunk: string | Uint8Array) => lines.push(String(chunk)) > 0;
  try {
    return { value: await work(), text: lines.join('') };
  } finally {
    process.stderr.write = original;
  }
}

/** Variables for as long as a test runs. */
export function environment(t: TestContext, variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    const before = process.env[name];
    const set = (to: string | undefined) => {
      if (to === undefined) delete process.env[name];
      else process.env[name] = to;
    };
    set(value);
    t.after(() => set(before));
  }
}
