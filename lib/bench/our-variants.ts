import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { turnedFile } from 'small-claims/models/compute';
import { locateModel } from 'small-claims/models/locate';
import type { PinnedModel } from 'small-claims/models/pin';
import { DONE, engineFolder } from 'small-claims/scoring/llama/engine';
import { openLlamaScorer } from 'small-claims/scoring/llama/scorer';
import type { Scorer } from 'small-claims/scoring/scorer';

/** What of ours is measured: a format of weights, computed by one of the two builds of llama.cpp. */
export interface Variant {
  readonly name: string;
  readonly format: 'f32' | 'bf16' | 'as-is';
  readonly engine: 'native' | 'prebuilt';
}

export const VARIANTS: readonly Variant[] = [
  { name: 'Small Claims, bf16, engine built here', format: 'bf16', engine: 'native' },
  { name: 'Small Claims, f32, engine built here', format: 'f32', engine: 'native' },
  { name: 'Small Claims, bf16, prebuilt', format: 'bf16', engine: 'prebuilt' },
  { name: 'Small Claims, f32, prebuilt', format: 'f32', engine: 'prebuilt' },
  { name: 'Small Claims, the file as it is, prebuilt', format: 'as-is', engine: 'prebuilt' },
];

/** Whether `make engine` has built one for this processor. */
export const engineBuilt = () => existsSync(join(engineFolder(), DONE));

/** Loads a model as a variant has it, on the CPU. */
export async function openVariant({ format, engine }: Variant, model: PinnedModel): Promise<Scorer> {
  const { path } = format === 'as-is' ? await locateModel(model) : await turnedFile(model, format, undefined);
  return withEngine(engine, () => openLlamaScorer(path, { cache: format === 'f32' ? 'F32' : 'F16' }));
}

/** Asks for a build of llama.cpp while `work` loads it. */
async function withEngine<T>(engine: Variant['engine'], work: () => Promise<T>): Promise<T> {
  const before = process.env['SMALL_CLAIMS_ENGINE'];
  process.env['SMALL_CLAIMS_ENGINE'] = engine;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env['SMALL_CLAIMS_ENGINE'];
    else process.env['SMALL_CLAIMS_ENGINE'] = before;
  }
}
