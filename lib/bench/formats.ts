import { findGguf } from 'small-claims/models/catalogue';
import { turnedFile } from 'small-claims/models/compute';
import { locateModel, presentModel } from 'small-claims/models/locate';
import { pinModel } from 'small-claims/models/pin';
import { projectPaths } from 'small-claims/project/paths';
import type { Benchmark, Finding, Skipped } from './benchmark.js';
import { byId, differences } from './differences.js';
import { type Asked, type Computed, computedBy, computedByKernels } from './kernels.js';
import { engineBuilt } from './our-variants.js';

/** The models, and about how many rows of HealthVer test each scores. */
const MODELS = {
  'smollm2-135m-instruct': 200,
  'qwen2.5-coder-0.5b-instruct': 60,
  'qwen2.5-coder-1.5b-instruct': 60,
};
/** The first is what the others are compared with: all in 32 bits. */
const FORMATS = [
  ['f32', 'F32'],
  ['f32', 'F16'],
  ['f16', 'F16'],
  ['bf16', 'F16'],
  ['q8_0', 'F16'],
  ['as-is', 'F16'],
] as const;
const OLDER = 'haswell';

const formats: Benchmark = {
  title: 'Compute formats: how fast, and how far from 32-bit floats and from other processors',
  async *steps() {
    for (const [id, rows] of Object.entries(MODELS)) {
      const model = findGguf(id);
      if (presentModel(model, projectPaths()) === undefined) {
        yield { kind: 'skipped', what: model.title, why: `it is not here (small-claims models ${id})` };
        continue;
      }
      const pinned = await pinModel(model);
      let exact: Computed | undefined;
      for (const [format, cache] of FORMATS) {
        const { path } =
          format === 'as-is' ? await locateModel(pinned) : await turnedFile(pinned, format, undefined);
        const what = `${model.title}, ${format === 'as-is' ? model.quantisation : format}, keys and values ${cache}`;
        const asked = { path, cache, rows };
        const prebuilt = yield* measured(`${what}, prebuilt`, () => computedBy('prebuilt', asked));
        exact ??= prebuilt;
        yield* differences(`${what}, from all in 32 bits`, byId(exact.scores), byId(prebuilt.scores));
        yield* otherwise(what, asked, prebuilt);
      }
    }
  },
};
export default formats;

/** The same by the engine built here, and by the code for older processors. */
async function* otherwise(what: string, asked: Asked, prebuilt: Computed): AsyncGenerator<Finding | Skipped> {
  const here = `${what}, engine built here`;
  if (engineBuilt()) {
    const native = yield* measured(here, () => computedBy('native', asked));
    yield* differences(`${here}, from prebuilt`, byId(prebuilt.scores), byId(native.scores));
  } else yield { kind: 'skipped', what: here, why: 'there is none (make engine)' };
  const older = await computedByKernels(OLDER, asked);
  const name = `${what}, kernels for ${OLDER}`;
  if (older) yield* differences(`${name}, from this processor's`, byId(prebuilt.scores), byId(older.scores));
  else yield { kind: 'skipped', what: name, why: 'they are not there, or this machine cannot run them' };
}

async function* measured(what: string, compute: () => Promise<Computed>): AsyncGenerator<Finding, Computed> {
  const computed = await compute();
  const { scores, seconds, megabytes } = computed;
  yield { kind: 'finding', what: `${what}: claims a second`, value: scores.length / seconds };
  yield { kind: 'finding', what: `${what}: MB at most`, value: megabytes };
  return computed;
}
