import { getLlama, LlamaLogLevel } from 'node-llama-cpp';
import { engineOptions } from 'small-claims/scoring/llama/engine';
import { threadsWanted } from 'small-claims/scoring/llama/provider';
import type { Asked, Computed } from './kernels.js';
import { layoutRows } from './layouts.js';
import { timed } from './measuring.js';
import { type Scores, scoresUnder } from './variation.js';

// A process of its own, which may find other kernels: prints the canonical scores that it is asked for.
const { path, cache, rows }: Asked = JSON.parse(process.argv[2] ?? '');
const llama = await getLlama({
  gpu: false,
  build: 'never',
  logLevel: LlamaLogLevel.error,
  ...engineOptions(),
});
const model = await llama.loadModel({ modelPath: path });
const { threads = llama.cpuMathCores } = threadsWanted();
const examples = await layoutRows(rows);
const options = { experimentalKvCacheKeyType: cache, experimentalKvCacheValueType: cache } as const;
let scores: Scores = new Map();
const { seconds } = await timed(examples.length, async () => {
  scores = await scoresUnder(model, threads, examples, { options });
});
const megabytes = process.resourceUsage().maxRSS / 1024;
const computed: Computed = { scores: [...scores.values()], seconds, megabytes };
process.stdout.write(JSON.stringify(computed), () => process.exit());
