import { getLlama, LlamaLogLevel } from 'node-llama-cpp';
import { findGguf } from 'small-claims/models/catalogue';
import { locateModel } from 'small-claims/models/locate';
import { threadsWanted } from 'small-claims/scoring/llama/provider';
import { layoutRows, MODEL } from './layouts.js';
import { scoresUnder } from './variation.js';

// A process of its own, which finds other kernels: prints the canonical scores of as many rows as its argument says.
const { path } = await locateModel(findGguf(MODEL));
const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath: path });
const { threads = llama.cpuMathCores } = threadsWanted();
const scores = await scoresUnder(model, threads, await layoutRows(Number(process.argv[2])));
process.stdout.write(JSON.stringify([...scores.values()]), () => process.exit());
