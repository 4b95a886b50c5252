import { readFileSync } from 'node:fs';
import { contextBytes } from 'small-claims/scoring/llama/memory';
import { openLlamaScorer } from 'small-claims/scoring/llama/scorer';
import { sleepClaims, studyPrompt } from './examples.js';

// A process of its own, whose memory is measured: scores claims under one long piece of evidence with the model given as
// argument, and says how many, and the most memory it ever held.
const [, , path = ''] = process.argv;
const shape = { contextSize: 2048, batchSize: 512, sequences: 1 };
const evidence = 'In a trial of 40 adults, tea lowered blood pressure but not headache. '.repeat(40);
const examples = sleepClaims.map((example) => ({ ...example, texts: { ...example.texts, evidence } }));
const scorer = await openLlamaScorer(path, { threads: 1, contextSize: shape.contextSize });
let rows = 0;
await scorer.score({ prompt: studyPrompt(), shots: [] }, examples, () => rows++);
await scorer.dispose();
const [, peak] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];

const { getLlama, GgufInsights, readGgufFileInfo } = await import('node-llama-cpp');
const llama = await getLlama({ build: 'never', gpu: false });
const context = await contextBytes(await GgufInsights.from(await readGgufFileInfo(path), llama), shape);
console.log(JSON.stringify({ rows, peak: Number(peak) * 1024, context }));
process.exit();
