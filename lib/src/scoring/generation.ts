import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { writtenScores } from '../metrics/measures/text.js';
import { type Sha256, sha256 } from '../project/digest.js';
import type { Paths } from '../project/paths.js';
import type { RecordHeader } from '../records/header.js';
import { recordName } from '../records/store.js';
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

/** Above this share of answers that cannot be read, a score says more of the prompt than of the model. */
const MANY_UNREAD = 0.1;

/** How reading the answers of a record went: said of every record, and what is to be done where many could not be read. */
export interface Reading {
  readonly said: string;
  readonly warning?: string;
}

/**
 * What is to be said of answers that were read out of texts; undefined of rows that no text was read for.
 *
 * @param texts where the texts lie, if they are on this machine.
 * @param shown whether the model was shown solved examples.
 */
export function readingOf(
  rows: readonly object[],
  { texts, shown }: { readonly texts: string | undefined; readonly shown: boolean },
): Reading | undefined {
  const told = rows.flatMap((row) => ('outcome' in row && 'finish' in row ? [row] : []));
  if (told.length === 0) return undefined;
  const unread = told.filter(({ outcome }) => outcome === 'unparsable');
  const declined = told.filter(({ outcome }) => outcome === 'refused').length;
  const said = [
    `${unread.length} of ${told.length} answers could not be read`,
    ...(declined > 0 ? [`${declined} declined`] : []),
  ].join(', ');
  if (unread.length <= MANY_UNREAD * told.length) return { said };
  const cut = unread.filter(({ finish }) => finish === 'length').length;
  const share = `${((100 * unread.length) / told.length).toFixed(0)} %`;
  const help = [
    ...(shown ? [] : ['solved examples (shots: { count: 4 } in the study)']),
    'a prompt that asks for this form more plainly',
    ...(cut > 0 ? [`more answerTokens in the prompt (${cut} were cut at their limit)`] : []),
  ];
  return {
    said,
    warning: `${share} of the answers could not be read and count as unanswered: the score says more of the prompt than of the model; ${
      texts === undefined ? '' : `what was written is in ${texts}; `
    }what may help: ${help.join(', or ')}`,
  };
}

/** Where the texts of a record lie, by the path of the record. */
export const textsFile = (record: string, { build, records }: Paths): string =>
  join(build, 'generations', `${relative(records, record).replace(/\.jsonl\.gz$/, '')}.jsonl`);

/**
 * Keeps the texts of a record in `build/generations`, one JSON line each, ignored by git. Call it before the row is
 * kept: after a kill a text may stand there twice, but none is missing.
 */
export function textKeeper(
  header: RecordHeader,
  name: string,
  paths: Paths,
): (id: string, text: string) => void {
  const file = textsFile(join(paths.records, recordName(header, name)), paths);
  mkdirSync(dirname(file), { recursive: true });
  return (id, text) => appendFileSync(file, `${JSON.stringify({ id, text })}\n`);
}
