import { loadBuild } from 'small-claims/datasets/builds';
import { findGguf } from 'small-claims/models/catalogue';
import { locateModel } from 'small-claims/models/locate';
import { batched } from 'small-claims/scoring/llama/layout';
import { threadsWanted } from 'small-claims/scoring/llama/provider';
import type { Row } from 'small-claims/tasks/row';
import type { Benchmark } from './benchmark.js';
import { byId, differences } from './differences.js';
import { computedByKernels, type Kernels } from './kernels.js';
import { scoresUnder, uncut, type Variation } from './variation.js';
import { wholeEvidences } from './workload.js';

const MODEL = 'smollm2-135m-instruct';
const ROWS = 60;
const KERNELS: readonly Kernels[] = ['haswell'];

/** About so many rows of HealthVer. */
export const layoutRows = async (count: number): Promise<readonly Row[]> =>
  wholeEvidences(await loadBuild('healthver/rows/test'), count);

const layouts: Benchmark = {
  title: 'What moves a score: SmolLM2-135M-Instruct Q4_1 on the CPU, zero-shot on HealthVer test',
  async *steps() {
    const { path } = await locateModel(findGguf(MODEL));
    const examples = await layoutRows(ROWS);
    const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
    const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error });
    const model = await llama.loadModel({ modelPath: path });
    const { threads = llama.cpuMathCores } = threadsWanted();
    const scored = (variation: Variation = {}) => scoresUnder(model, threads, examples, variation);

    const canonical = await scored();
    const identical = { atMost: 0 };
    const alone = await scored({ contexts: (rows) => rows.map((row) => [row]) });
    yield* differences('each row alone in a context of its own', canonical, alone, identical);
    const large = await scored({ options: { contextSize: 4096 } });
    yield* differences('a context of 4,096 tokens', canonical, large, identical);
    yield* differences('flash attention', canonical, await scored({ options: { flashAttention: true } }));
    for (const batchSize of [128, 32, 3]) {
      const shorter = await scored({ options: { batchSize } });
      yield* differences(`chunks of at most ${batchSize} tokens`, canonical, shorter);
    }
    yield* differences('each prompt as one chunk, nothing shared', canonical, await scored({ cut: uncut }));

    for (const count of [2, 4, 8]) {
      const held: number[] = [];
      const several = { sequences: count, batchSize: batched(count).batch };
      const together = await scored({ options: several, onBatch: (sequences) => held.push(sequences) });
      const name = `the batched layout of ${count} sequences`;
      yield* differences(name, canonical, together);
      const mean = held.reduce((sum, sequences) => sum + sequences, 0) / held.length;
      yield { kind: 'finding', what: `${name}: sequences that a batch holds, mean`, value: mean };
      const resumed = await scored({ options: several, contexts: halves });
      yield* differences(`${name}, interrupted once, from itself undisturbed`, together, resumed);
    }
    const counts = [1, 2, 4].filter((count) => count !== threads && count <= llama.cpuMathCores);
    for (const count of counts)
      yield* differences(
        `threads: ${count} against ${threads}`,
        canonical,
        await scored({ options: { threads: count } }),
        identical,
      );
    await model.dispose();
    await llama.dispose();

    for (const kernels of KERNELS) {
      const name = `llama.cpp’s kernels for ${kernels}`;
      const older = await computedByKernels(kernels, { path, cache: 'F16', rows: ROWS });
      if (older) yield* differences(name, canonical, byId(older.scores));
      else yield { kind: 'skipped', what: name, why: 'they are not there, or this machine cannot run them' };
    }
  },
};
export default layouts;

const halves = (rows: readonly Row[]) => {
  const middle = rows.length >> 1;
  return [rows.slice(0, middle), rows.slice(middle)];
};
