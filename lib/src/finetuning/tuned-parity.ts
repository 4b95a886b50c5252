import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TransformersModel } from '../models/catalogue.js';
import type { Paths } from '../project/paths.js';
import { askPython } from '../project/python.js';
import { transformersScorer } from '../scoring/transformers/scorer.js';
import { openSession } from '../scoring/transformers/session.js';
import { transformersWriter } from '../scoring/transformers/writer.js';
import { findPrompt } from '../tasks/prompt.js';
import type { Row } from '../tasks/row.js';
import { labelsOf } from '../tasks/task.js';
import { agreement, type LabelLogprobs, meanLoss, type Parity, type WrittenParity } from './parity.js';
import { askTransformers, assertSameTokens, tokensFile } from './parity-rows.js';

/** What transformers scores, and where its parts lie. */
export interface ComparedAsTrained {
  readonly tuned: TransformersModel;
  /** The folder that holds that of the tuned model. */
  readonly exports: string;
  readonly folder: string;
  /** The weights that it was tuned on, in 32 bits. */
  readonly base: string;
  /** Whether it has weights of its own. */
  readonly whole: boolean;
}

/**
 * Asks what was tuned row by row, by transformers' and PEFT's own calls, and as it is scored, in our worker's batches.
 *
 * @param gguf the model's file, for its vocabulary.
 * @param scratch a folder for the rows' tokens.
 */
export async function measureTuned(
  python: string,
  { tuned, exports, folder, base, whole }: ComparedAsTrained,
  gguf: string,
  template: string,
  rows: readonly Row[],
  scratch: string,
  paths: Paths,
): Promise<Parity | WrittenParity> {
  mkdirSync(scratch, { recursive: true });
  const prompt = findPrompt(template, paths);
  const weights = tuned.dtype === 'nf4' ? 'nf4' : 'float32';
  const [own, adapter] = whole ? [folder, '-'] : [base, folder];
  const session = await openSession(tuned, { ...paths, adapters: exports });
  try {
    if (prompt.task.shape !== 'one-of') {
      const limits = { maxTokens: prompt.answerTokens, stop: prompt.shape.stops };
      const texts = new Map<string, string>();
      await transformersWriter(session).write({ prompt, shots: [] }, rows, limits, (id, { text }) =>
        texts.set(id, text),
      );
      const { file } = await tokensFile(gguf, prompt, rows, scratch, false);
      const written = (from: string, put: string) =>
        askWritten(python, [from, put, file, String(limits.maxTokens), weights], limits.stop, paths);
      const [before, after] = [await written(base, '-'), await written(own, adapter)];
      return {
        written: {
          rows: rows.length,
          same: rows.filter(({ id }) => texts.get(id) === after.get(id)).length,
          changed: rows.filter(({ id }) => before.get(id) !== after.get(id)).length,
        },
      };
    }
    const scored: LabelLogprobs[] = [];
    await transformersScorer(session).score({ prompt, shots: [] }, rows, (score) => scored.push(score));
    const { file, answers } = await tokensFile(gguf, prompt, rows, scratch, true);
    const ask = (from: string, put: string) =>
      askTransformers(python, { base: from, adapter: put, weights }, file, answers, paths);
    const [before, after] = [await ask(base, '-'), await ask(own, adapter)];
    assertSameTokens(before);
    const labels = labelsOf(prompt.task);
    return {
      plain: agreement(after, scored),
      effect: agreement(before, after),
      loss: {
        base: meanLoss(before, rows, labels),
        trained: meanLoss(after, rows, labels),
        released: meanLoss(scored, rows, labels),
      },
    };
  } finally {
    await session.dispose();
  }
}

/** What transformers' own generation writes, up to where an answer stops, by row. */
async function askWritten(
  python: string,
  args: readonly string[],
  stops: readonly string[],
  paths: Paths,
): Promise<ReadonlyMap<string, string>> {
  const output = await askPython(python, [join(paths.python, 'written_answers.py'), ...args]);
  return new Map(
    output.split('\n').map((line) => {
      const { id, text }: { readonly id: string; readonly text: string } = JSON.parse(line);
      const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
      return [id, text.slice(0, Math.min(text.length, ...ends))];
    }),
  );
}
