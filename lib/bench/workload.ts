import type { LlamaModel } from 'node-llama-cpp';
import { randomStream } from 'small-claims/project/random';
import { promptFrame } from 'small-claims/scoring/chat';
import type { Question } from 'small-claims/scoring/scorer';
import { fieldParts } from 'small-claims/tasks/prompt';
import { type Row, textOf } from 'small-claims/tasks/row';

/** What all peers are given to score: the same prompts, word for word. */
export interface Workload extends Question {
  readonly title: string;
  readonly examples: readonly Row[];
  /** The whole prompt of an example, chat format included. */
  readonly promptOf: (example: Row) => string;
  /** Tokens of the parts once each: what stands before the evidence, each evidence, each claim with its question. */
  readonly parts: {
    readonly before: number;
    readonly evidences: readonly number[];
    readonly questions: readonly number[];
  };
}

/** Lays out the prompts of `examples` for a model. */
export function workload(
  model: LlamaModel,
  given: Pick<Workload, 'title' | 'prompt' | 'shots' | 'examples'>,
): Workload {
  const frame = promptFrame(given.prompt, given.shots, {
    template: model.fileInfo.metadata.tokenizer?.chat_template,
    bos: model.tokens.bosString ?? '',
    eos: model.tokens.eosString ?? '',
  });
  const join = (pieces: typeof frame.before) => pieces.map(({ text }) => text).join('');
  const [before, after] = [join(frame.before), join(frame.after)];
  const length = (text: string) => model.tokenize(text, true).length;
  const parts = (row: Row) => fieldParts(given.prompt, row);
  const evidences = [...new Set(given.examples.map((row) => parts(row)[0] ?? ''))];
  return {
    ...given,
    promptOf: (row) => before + parts(row).join('') + after,
    parts: {
      before: length(before),
      evidences: evidences.map(length),
      questions: given.examples.map((row) => length(parts(row).slice(1).join('') + after)),
    },
  };
}

/** The tokens of a workload, each shared part counted once. */
export function deduplicatedTokens({ parts }: Pick<Workload, 'parts'>): number {
  return parts.before + total(parts.evidences) + total(parts.questions);
}

export const total = (tokens: readonly number[]) => tokens.reduce((sum, count) => sum + count, 0);

export const evidenceOf = (row: Row) => textOf(row, 'evidence');

/** About `count` rows: all that share an evidence or none of them, so that as much is shared as in the whole. */
export function wholeEvidences(examples: readonly Row[], count: number): readonly Row[] {
  const evidences = [...new Set(examples.map(evidenceOf))];
  const taken = new Set<string>();
  let rows = 0;
  for (const evidence of randomStream('bench', 1).shuffle(evidences)) {
    if (rows >= count) break;
    taken.add(evidence);
    rows += examples.filter((example) => evidenceOf(example) === evidence).length;
  }
  return examples.filter((example) => taken.has(evidenceOf(example)));
}

/** `count` examples whose prompts are as long as all are: of the order by length, every so many-th. */
export function sampleByLength({ examples, promptOf }: Workload, count: number): readonly Row[] {
  const byLength = examples
    .map((example) => ({ example, length: promptOf(example).length }))
    .sort((a, b) => a.length - b.length);
  return Array.from({ length: Math.min(count, byLength.length) }, (_, index) => {
    const taken = byLength[Math.floor(((index + 0.5) * byLength.length) / count)];
    return taken ? [taken.example] : [];
  }).flat();
}
