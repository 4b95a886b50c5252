import type { Llama, LlamaModel, Token } from 'node-llama-cpp';
import type { Row } from 'small-claims/tasks/row';
import { wordOf } from 'small-claims/tasks/shape';
import { labelsOf } from 'small-claims/tasks/task';
import type { Measure } from './benchmark.js';
import { timed } from './measuring.js';
import type { Workload } from './workload.js';

/**
 * node-llama-cpp as its documentation shows it: one context with the defaults, and each prompt evaluated from its
 * beginning. Only the logits of the three answers are asked for, which spares it the whole vocabulary's.
 */
export async function scorePlainly(
  llama: Llama,
  model: LlamaModel,
  work: Workload,
  examples: readonly Row[],
): Promise<Measure> {
  const answers = labelsOf(work.prompt.task).flatMap(
    (label) => model.tokenize(wordOf(label, work.prompt))[0] ?? [],
  );
  const context = await model.createContext({ threads: llama.cpuMathCores });
  try {
    const sequence = context.getSequence();
    return await timed(examples.length, async () => {
      for (const example of examples) {
        await sequence.clearHistory();
        const tokens = model.tokenize(work.promptOf(example), true);
        const last = tokens.at(-1);
        if (last === undefined) throw new Error('an empty prompt');
        const outputs = await sequence.controlledEvaluate([...tokens.slice(0, -1), asking(last, answers)]);
        if (!outputs.at(-1)?.next.logits) throw new Error('llama.cpp gave no logits');
      }
    });
  } finally {
    await context.dispose();
  }
}

function asking(last: Token, tokens: readonly Token[]) {
  return [last, { generateNext: { logits: { filter: { tokens } } } }] satisfies [Token, object];
}
