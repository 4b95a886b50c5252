import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writtenScores } from '../metrics/measures/text.js';
import { type Sha256, sha256 } from '../project/digest.js';
import type { Paths } from '../project/paths.js';
import { type RecordHeader, recordKey } from '../records/header.js';
import { parseAnswer } from '../tasks/answer.js';
import type { Prompt } from '../tasks/prompt.js';
import type { Row } from '../tasks/row.js';
import type { Answer } from '../tasks/shape.js';
import type { GeneratedText } from './writer.js';

/**
 * What is kept of a generated text: a row of a record of the kind `generation`. A text may quote the data set, whose
 * words do not go into the repository, so the record holds what was read out of it and its hash. The text itself is
 * kept by `textKeeper`, on this machine alone; the hash says whether it is the one that the row is about.
 */
export interface Generation {
  readonly id: string;
  /** null where the text answers nothing: the row counts as unanswered. */
  readonly answer: Answer | null;
  readonly outcome: 'answered' | 'refused' | 'unparsable';
  readonly finish: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens?: number;
  readonly textSha256: Sha256;
}

/** The record's row of a text that was generated about a row. */
export function generationRow(row: Row, generated: GeneratedText, prompt: Prompt): Generation {
  const { text, finish, promptTokens, completionTokens, cachedTokens } = generated;
  const read = readText(row, generated, prompt);
  return {
    id: row.id,
    answer: read.answer === null ? null : kept(read.answer, row),
    outcome: read.outcome,
    finish,
    promptTokens,
    completionTokens,
    ...(cachedTokens !== undefined && { cachedTokens }),
    textSha256: sha256(text),
  };
}

function readText(row: Row, { text, answer, finish, refused }: GeneratedText, prompt: Prompt) {
  if (answer !== undefined) return { outcome: 'answered', answer } as const;
  if (refused) return { outcome: 'refused', answer: null } as const;
  return parseAnswer(text, row, prompt, finish === 'length');
}

/** What is kept of an answer: of a text of the model's own words only what its measures make of it. */
const kept = (answer: Answer, { gold }: Row): Answer =>
  typeof answer === 'string' && Array.isArray(gold)
    ? writtenScores(
        answer,
        gold.filter((text) => typeof text === 'string'),
      )
    : answer;

/**
 * Keeps the texts of a record in `build/generations`, one JSON line each, ignored by git. Call it before the row is
 * kept: after a kill a text may stand there twice, but none is missing.
 */
export function textKeeper(
  header: RecordHeader,
  name: string,
  paths: Paths,
): (id: string, text: string) => void {
  const file = join(paths.build, 'generations', `${name}.${recordKey(header).slice(0, 12)}.jsonl`);
  mkdirSync(dirname(file), { recursive: true });
  return (id, text) => appendFileSync(file, `${JSON.stringify({ id, text })}\n`);
}
