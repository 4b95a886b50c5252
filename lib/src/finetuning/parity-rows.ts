import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadBuild } from '../datasets/builds.js';
import type { AdapterFile } from '../models/adapters.js';
import type { TrainingEntry } from '../models/training-entry.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { askPython } from '../project/python.js';
import { randomStream } from '../project/random.js';
import { labelLogprobs } from '../scoring/label-score.js';
import { threadsWanted } from '../scoring/llama/provider.js';
import { openLlamaScorer, type ScorerOptions } from '../scoring/llama/scorer.js';
import type { Question } from '../scoring/scorer.js';
import { findPrompt, type Prompt } from '../tasks/prompt.js';
import type { Row } from '../tasks/row.js';
import { labelsOf } from '../tasks/task.js';
import type { PlainWeights } from './base-weights.js';
import { agreement, type LabelLogprobs, meanLoss, PARITY_ROWS, type Parity } from './parity.js';
import { promptsInTokens } from './prompt-completion.js';
import { NORMAL_FLOAT } from './trainer-config.js';
import type { DrawnRows } from './training-rows.js';

/** Rows that parity is seen on: of the training builds, rather those that were not learnt from. */
export async function parityRows(
  { train }: Pick<TrainingEntry, 'train'>,
  drawn: readonly DrawnRows[],
  seed: number,
  paths: Paths = projectPaths(),
): Promise<readonly Row[]> {
  const learnt = new Set(drawn.flatMap(({ rows }) => rows.map(({ id }) => id)));
  const all = (await Promise.all(train.map((build) => loadBuild(build, { paths })))).flat();
  const shuffled = randomStream('parity', seed).shuffle(all);
  const unseen = shuffled.filter(({ id }) => !learnt.has(id));
  return [...unseen, ...shuffled.filter(({ id }) => learnt.has(id))].slice(0, PARITY_ROWS);
}

/** An adapter in both forms, and the weights it is put on. */
export interface Compared {
  readonly peft: string;
  readonly gguf: AdapterFile;
  readonly plain: PlainWeights;
  /** The model's own file. */
  readonly quantised: string;
  /** The weights that were trained on, in Hugging Face's layout, and as what. */
  readonly trainedFrom: string;
  readonly trainedOn: TrainedOn;
}

/** Plain 32-bit floats, or these as QLoRA quantises them. */
export type TrainedOn = 'float32' | 'nf4';

/**
 * Scores rows by transformers with PEFT and by llama.cpp, on plain and on quantised weights.
 *
 * @param scratch a folder for the rows' tokens.
 */
export async function measureParity(
  python: string,
  { peft, gguf, plain, quantised, trainedFrom, trainedOn }: Compared,
  prompt: string,
  rows: readonly Row[],
  scratch: string,
  paths: Paths = projectPaths(),
): Promise<Parity> {
  mkdirSync(scratch, { recursive: true });
  const { file, answers } = await tokensFile(quantised, findPrompt(prompt, paths), rows, scratch, true);
  const transformers = (adapter: string, from = plain.folder, weights: TrainedOn = 'float32') =>
    askTransformers(python, { base: from, adapter, weights }, file, answers, paths);
  const [base, adapted] = [await transformers('-'), await transformers(peft)];
  assertSameTokens(base);
  const asTrained = trainedOn === 'float32' && trainedFrom === plain.folder;
  const trained = asTrained ? adapted : await transformers(peft, trainedFrom, trainedOn);
  const llama = async (
    weights: string,
    { adapter, ...options }: ScorerOptions & Pick<Question, 'adapter'> = {},
  ) => {
    const scorer = await openLlamaScorer(weights, { ...threadsWanted(), ...options });
    const scores: LabelLogprobs[] = [];
    try {
      await scorer.score({ prompt: findPrompt(prompt, paths), shots: [], adapter }, rows, (score) =>
        scores.push(score),
      );
    } finally {
      await scorer.dispose();
    }
    return scores;
  };
  const labels = labelsOf(findPrompt(prompt, paths).task);
  const released = await llama(quantised, { adapter: gguf });
  return {
    // Keys and values in 32 bits, as PEFT keeps them: in 16, rounding alone moves sharp log-probabilities.
    plain: agreement(adapted, await llama(plain.gguf, { adapter: gguf, cache: 'F32' })),
    quantised: agreement(adapted, released),
    quantisedBase: agreement(base, await llama(quantised)),
    effect: agreement(base, adapted),
    loss: {
      base: meanLoss(base, rows, labels),
      trained: meanLoss(trained, rows, labels),
      released: meanLoss(released, rows, labels),
    },
  };
}

/** Writes prompts in tokens, and finds the first token of each label's answer if the task has labels. */
export async function tokensFile(
  gguf: string,
  prompt: Prompt,
  rows: readonly Row[],
  folder: string,
  labelled: boolean,
): Promise<{ readonly file: string; readonly answers: readonly number[] }> {
  const { prompts, answers } = await promptsInTokens(gguf, prompt, rows, labelled);
  const file = join(folder, 'parity.jsonl');
  writeFileSync(file, prompts.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return { file, answers };
}

/** @throws UserError if the tokeniser beside the plain weights makes other tokens of a prompt than llama.cpp. */
export function assertSameTokens(
  rows: readonly { readonly id: string; readonly sameTokens: boolean }[],
): void {
  const other = rows.find(({ sameTokens }) => !sameTokens);
  if (!other) return;
  throw new UserError(`transformers makes other tokens of the prompt of ${other.id} than llama.cpp`, {
    hint: 'A tokeniser that the conversion of the model does not support: nothing can be compared.',
  });
}

/**
 * Label log-probabilities by transformers, with an adapter of PEFT's or (`-`) without, and whether its tokeniser makes
 * the same tokens of the prompt.
 */
export async function askTransformers(
  python: string,
  {
    base,
    adapter,
    weights,
  }: { readonly base: string; readonly adapter: string; readonly weights: TrainedOn },
  rows: string,
  answers: readonly number[],
  paths: Paths = projectPaths(),
): Promise<readonly (LabelLogprobs & { readonly sameTokens: boolean })[]> {
  const program = join(paths.python, 'label_logprobs.py');
  const quantisation = weights === 'nf4' ? JSON.stringify(NORMAL_FLOAT) : '-';
  const output = await askPython(python, [program, base, adapter, rows, answers.join(','), quantisation]);
  return output.split('\n').map((line) => {
    const row: unknown = JSON.parse(line);
    if (!isScoredLine(row)) throw new Error(`not a row of label_logprobs.py: ${line}`);
    return { id: row.id, sameTokens: row.sameTokens, ...labelLogprobs(row.logprobs, 0, 1) };
  });
}

interface ScoredLine {
  readonly id: string;
  readonly logprobs: readonly number[];
  readonly sameTokens: boolean;
}

function isScoredLine(row: unknown): row is ScoredLine {
  if (row === null || typeof row !== 'object') return false;
  if (!('id' in row && 'logprobs' in row && 'sameTokens' in row)) return false;
  return typeof row.id === 'string' && Array.isArray(row.logprobs);
}
