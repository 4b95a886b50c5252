import { once } from 'node:events';
import { openLlamaScorer } from 'small-claims/scoring/llama/scorer';
import { findPrompt } from 'small-claims/tasks/prompt';
import { rowsOf } from './throughput.js';

// A process of its own among several: loads the model, says how many rows are its own, and scores them when told to.
const [, , path = '', index, processes] = process.argv;
const question = { prompt: findPrompt('true-false-unknown'), shots: [] };
const rows = await rowsOf(Number(index), Number(processes));
const scorer = await openLlamaScorer(path, { threads: 1 });
// So that the weights have been read.
await scorer.score(question, rows.slice(0, 1), () => {});
process.send?.(rows.length);
await once(process, 'message');
await scorer.score(question, rows, () => {});
process.send?.('done');
await scorer.dispose();
process.exit();
