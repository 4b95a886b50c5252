import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LlamaModel } from 'node-llama-cpp';
import { loadBuild } from 'small-claims/datasets/builds';
import { findGguf } from 'small-claims/models/catalogue';
import { locateModel } from 'small-claims/models/locate';
import { evaluateAllButLast, scoreGroups } from 'small-claims/scoring/llama/evaluation';
import { CANONICAL } from 'small-claims/scoring/llama/layout';
import { threadsWanted } from 'small-claims/scoring/llama/provider';
import { byFirstField, tokensToEvaluate } from 'small-claims/scoring/llama/sharing';
import { answerTokens, tokenise } from 'small-claims/scoring/llama/tokens';
import { drawShots } from 'small-claims/scoring/run';
import { findPrompt } from 'small-claims/tasks/prompt';
import type { Row } from 'small-claims/tasks/row';
import type { Benchmark, Finding, Measure } from './benchmark.js';
import { timed } from './measuring.js';
import { evidenceOf, wholeEvidences } from './workload.js';

const ROWS = 60;
const QUESTION = { prompt: findPrompt('true-false-unknown'), shots: [] };
const CHILD = fileURLToPath(new URL('./throughput-child.js', import.meta.url));

const throughput: Benchmark = {
  title: 'How the cores are used, and what a run spends before its first row: SmolLM2-135M-Instruct Q4_1',
  async *steps() {
    const { path } = await locateModel(findGguf('smollm2-135m-instruct'));
    const test = await loadBuild('healthver/rows/test');
    const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
    const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error });
    const { threads: cores = llama.cpuMathCores } = threadsWanted();
    const seconds = (what: string, { seconds: value }: Measure): Finding => ({
      kind: 'finding',
      what: `${what}, seconds`,
      value,
    });

    let vocabulary: LlamaModel | undefined;
    const vocabularyLoad = await timed(1, async () => {
      vocabulary = await llama.loadModel({ modelPath: path, vocabOnly: true });
    });
    yield seconds('loading the vocabulary alone', vocabularyLoad);
    await vocabulary?.dispose();
    let model: LlamaModel | undefined;
    const modelLoad = await timed(1, async () => {
      model = await llama.loadModel({ modelPath: path });
    });
    if (!model) return;
    const loaded = model;
    yield seconds('loading the model', modelLoad);
    const tokenising = await timed(1, () => tokenise(loaded, QUESTION, test));
    yield seconds(`tokenising the ${test.length} rows of HealthVer test`, tokenising);
    const shots = await drawShots({ count: 8, from: 'scifact/rationales/train', seed: 1 });
    yield* prefix(cores, loaded, shots, await loadBuild('scifact/rationales/dev'));

    const rows = wholeEvidences(test, ROWS);
    yield {
      kind: 'comparison',
      title: `HealthVer test, ${rows.length} rows, ${cores} cores`,
      unit: 'claims',
      rounds: 3,
      ours: { name: 'one context on all cores', run: () => inContexts(loaded, rows, 1, cores) },
      peers: [
        {
          name: 'as many contexts as cores, one thread each',
          run: () => inContexts(loaded, rows, cores, 1),
        },
        { name: 'as many processes as cores, one thread each', run: () => inProcesses(path, cores) },
      ],
      note: 'Contexts share out the rows evidence by evidence as they go; of processes, each has its own rows, and its own copy of all but the weights. No loading is timed.',
    };
    await loaded.dispose();
    await llama.dispose();
  },
};
export default throughput;

/** The rows of one process of so many: every so many-th evidence. */
export async function rowsOf(index: number, processes: number): Promise<readonly Row[]> {
  const rows = wholeEvidences(await loadBuild('healthver/rows/test'), ROWS);
  const evidences = [...new Set(rows.map(evidenceOf))];
  return rows.filter((row) => evidences.indexOf(evidenceOf(row)) % processes === index);
}

async function inContexts(
  model: LlamaModel,
  rows: readonly Row[],
  count: number,
  threads: number,
): Promise<Measure> {
  // As a process does that has loaded the model: prompts and contexts are in the time.
  return timed(rows.length, async () => {
    const prompts = tokenise(model, QUESTION, rows);
    const contexts = await Promise.all(
      Array.from({ length: count }, () =>
        model.createContext({
          contextSize: 1 + Math.max(...prompts.map(({ tokens }) => tokens)),
          batchSize: CANONICAL.batch,
          flashAttention: false,
          threads: { ideal: threads, min: threads },
        }),
      ),
    );
    const queue = byFirstField(prompts).values();
    const answers = answerTokens(model, QUESTION);
    await Promise.all(
      contexts.map((context) => scoreGroups(context.getSequence(), queue, answers, () => {})),
    );
    await Promise.all(contexts.map((context) => context.dispose()));
  });
}

/** Processes that have all loaded the model begin together; the last to end is waited for. */
async function inProcesses(path: string, count: number): Promise<Measure> {
  const children = Array.from({ length: count }, (_, index) =>
    fork(CHILD, [path, String(index), String(count)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
  );
  const failed = children.map(async (child): Promise<never> => {
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error('a process ended before it had scored its rows');
    return new Promise(() => {});
  });
  for (const each of failed) each.catch(() => {});
  const told = () => Promise.race([Promise.all(children.map((child) => once(child, 'message'))), ...failed]);
  const rows = (await told()).reduce((sum, [scored]) => sum + Number(scored), 0);
  return timed(rows, async () => {
    const done = told();
    for (const child of children) child.send('go');
    await done;
  });
}

/** What it takes to evaluate what stands before the first row of an eight-shot run, which is done once a run. */
async function* prefix(
  threads: number,
  model: LlamaModel,
  shots: readonly Row[],
  rows: readonly Row[],
): AsyncGenerator<Finding> {
  const prompts = tokenise(model, { ...QUESTION, shots }, rows);
  const [first] = prompts;
  if (!first) return;
  const [before, , question] = first.parts;
  const context = await model.createContext({
    contextSize: before.length + question.length,
    batchSize: CANONICAL.batch,
    flashAttention: false,
    threads: { ideal: threads, min: threads },
  });
  const sequence = context.getSequence();
  const { seconds } = await timed(1, () => evaluateAllButLast(sequence, [before, question], 0));
  const share = before.length / tokensToEvaluate(prompts);
  const what = `evaluating the ${before.length} tokens before the first row of SciFact dev, 8-shot`;
  yield { kind: 'finding', what: `${what}, seconds`, value: seconds };
  yield { kind: 'finding', what: `${what}, share of the tokens that the run evaluates`, value: share };
  await context.dispose();
}
