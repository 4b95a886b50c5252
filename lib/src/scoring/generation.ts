import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Sha256, sha256 } from '../project/digest.js';
import type { Paths } from '../project/paths.js';
import { type RecordHeader, recordKey } from '../records/header.js';
import { parseAnswer } from '../tasks/answer.js';
import type { Label } from '../tasks/example.js';
import type { PromptTemplate } from '../tasks/prompt.js';
import type { GeneratedText } from './writer.js';

/**
 * What is kept of a generated text: a row of a record of the kind `generation`. A text may quote the data set, whose
 * words do not go into the repository, so the record holds what was read out of it and its hash. The text itself is
 * kept by `textKeeper`, on this machine alone; the hash says whether it is the one that the row is about.
 */
export interface Generation {
  readonly id: string;
  /** null where the text has no label: the row counts as unanswered. */
  readonly label: Label | null;
  readonly outcome: 'answered' | 'refused' | 'unparsable';
  readonly finish: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens?: number;
  readonly textSha256: Sha256;
}

/** The row of a generated text. */
export function generationRow(id: string, generated: GeneratedText, template: PromptTemplate): Generation {
  const { text, finish, refused, promptTokens, completionTokens, cachedTokens } = generated;
  const answer = refused ? ({ outcome: 'refused', label: null } as const) : parseAnswer(text, template);
  return {
    id,
    label: answer.label,
    outcome: answer.outcome,
    finish,
    promptTokens,
    completionTokens,
    ...(cachedTokens !== undefined && { cachedTokens }),
    textSha256: sha256(text),
  };
}

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
